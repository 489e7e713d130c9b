import pytest

from local.application import Cors, HttpRoute, JwtAuthorizer
from local.endpoints import Endpoints
from local.template import TemplateError

FUNCTION = """
          Pet:
            Type: AWS::Serverless::Function
            Properties: {CodeUri: src, Handler: app.handler, Runtime: python3.13%s}
"""


def test_events_of_a_function_become_routes(load):
    application = load(
        """
        Resources:
          Api:
            Type: AWS::Serverless::HttpApi
            Properties:
              StageName: prod
              StageVariables: {colour: blue}
              CorsConfiguration: {AllowOrigins: ['https://a.example'], AllowHeaders: [x-a], MaxAge: 60}
              Auth:
                DefaultAuthorizer: Jwt
                Authorizers:
                  Jwt:
                    IdentitySource: $request.header.Authorization
                    JwtConfiguration: {issuer: "https://id.example", audience: [pets]}
        """
        + FUNCTION
        % """, Events: {
              One: {Type: HttpApi, Properties: {ApiId: !Ref Api, Path: '/pets/{id}', Method: get, TimeoutInMillis: 5000,
                    Auth: {AuthorizationScopes: [read]}}},
              Any: {Type: HttpApi, Properties: {ApiId: !Ref Api, Path: '/open/{proxy+}', Method: any, Auth: {Authorizer: NONE}}},
              Old: {Type: HttpApi, Properties: {ApiId: !Ref Api, Path: '/old', Method: post, PayloadFormatVersion: '1.0'}},
              Rest: {Type: HttpApi, Properties: {ApiId: !Ref Api}}}"""
    )
    (api,) = application.http_apis
    jwt = JwtAuthorizer("Jwt", "https://id.example", ("pets",))
    routes = {route.route_key: route for route in api.routes}
    assert routes == {
        "GET /pets/{id}": HttpRoute("GET /pets/{id}", "local-Pet", "2.0", jwt, ("read",), 5.0),
        "ANY /open/{proxy+}": HttpRoute("ANY /open/{proxy+}", "local-Pet"),
        "POST /old": HttpRoute("POST /old", "local-Pet", "1.0", jwt),
        "$default": HttpRoute("$default", "local-Pet", "2.0", jwt),
    }
    assert (api.stage, api.stage_variables) == ("prod", {"colour": "blue"})
    assert api.cors == Cors(allow_origins=("https://a.example",), allow_headers=("x-a",), max_age_s=60)
    assert len(api.api_id) == 10
    assert api.api_id.isalnum()
    assert api.api_id == api.api_id.lower()


RAW = """
          Api: {Type: AWS::ApiGatewayV2::Api, Properties: {Name: a, ProtocolType: HTTP}}
          Stage: {Type: AWS::ApiGatewayV2::Stage, Properties: {ApiId: !Ref Api, StageName: $default, AutoDeploy: true}}
          Authorizer:
            Type: AWS::ApiGatewayV2::Authorizer
            Properties: {ApiId: !Ref Api, Name: jwt, AuthorizerType: JWT, IdentitySource: [$request.header.Authorization],
                         JwtConfiguration: {Issuer: "https://id.example", Audience: [a]}}
          Integration:
            Type: AWS::ApiGatewayV2::Integration
            Properties: {ApiId: !Ref Api, IntegrationType: AWS_PROXY, IntegrationUri: !GetAtt Pet.Arn,
                         PayloadFormatVersion: '2.0'}
          Route:
            Type: AWS::ApiGatewayV2::Route
            Properties: {ApiId: !Ref Api, RouteKey: GET /x, Target: !Sub "integrations/${Integration}",
                         AuthorizationType: JWT, AuthorizerId: !Ref Authorizer, AuthorizationScopes: [s]}
"""


def test_routes_written_by_hand(load):
    (api,) = load("        Resources:" + FUNCTION % "" + RAW).http_apis
    jwt = JwtAuthorizer("jwt", "https://id.example", ("a",))
    assert api.routes == (HttpRoute("GET /x", "local-Pet", "2.0", jwt, ("s",)),)


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("AWS_PROXY", "HTTP_PROXY", "Integration.IntegrationType: must be AWS_PROXY here"),
        ("!GetAtt Pet.Arn", "arn:aws:lambda:us-east-1:1:function:other", "is no function of this template"),
        ("AuthorizationType: JWT", "AuthorizationType: AWS_IAM", "must be NONE or JWT here"),
        ("AuthorizerType: JWT", "AuthorizerType: REQUEST", "must be JWT here"),
        ("          Stage:", "          Stage2: {Type: AWS::ApiGatewayV2::Stage, Properties: {ApiId: !Ref Api, "
         "StageName: dev}}\n          Stage:", "is a second stage of Api"),
        ("ProtocolType: HTTP", "ProtocolType: HTTP, DisableExecuteApiEndpoint: true", "custom domains are not served"),
        ("ProtocolType: HTTP", "ProtocolType: HTTP, BodyS3Location: {Bucket: b}", "BodyS3Location of AWS::ApiGatewayV2::Api"),
        ("RouteKey: GET /x", "RouteKey: GET /x, RequestParameters: {a: b}", "RequestParameters"),
    ],
)  # fmt: skip
def test_what_the_gateway_here_does_not_do_is_an_error(load, old, new, message):
    assert old in RAW
    with pytest.raises(TemplateError) as caught:
        load("        Resources:" + FUNCTION % "" + RAW.replace(old, new))
    assert message in str(caught.value)


def test_an_issuer_that_is_the_api_itself_is_circular_as_on_aws(load):
    with pytest.raises(TemplateError, match="circular dependency between resources: Api -> Api"):
        load(
            """
            Resources:
              Api:
                Type: AWS::Serverless::HttpApi
                Properties:
                  Auth:
                    Authorizers:
                      Jwt:
                        IdentitySource: $request.header.Authorization
                        JwtConfiguration: {issuer: !Sub "https://${Api}.execute-api.${AWS::Region}.amazonaws.com", audience: [a]}
            """
        )


def test_addresses_of_the_templates_apis_are_local_ones(load):
    application = load(
        """
        Resources:
          First: {Type: AWS::Serverless::HttpApi}
          Second: {Type: AWS::Serverless::HttpApi, Properties: {StageName: v1}}
          A:
            Type: AWS::Serverless::Function
            Properties:
              {CodeUri: src, Handler: app.handler, Runtime: python3.13,
               Events: {E: {Type: HttpApi, Properties: {ApiId: !Ref First, Path: /a, Method: get}},
                        F: {Type: HttpApi, Properties: {ApiId: !Ref Second, Path: /a, Method: get}}}}
        Outputs:
          First: {Value: !Sub "https://${First}.execute-api.${AWS::Region}.${AWS::URLSuffix}/a?b"}
          Endpoint: {Value: !GetAtt First.ApiEndpoint}
          Second: {Value: !Sub "https://${Second}.execute-api.${AWS::Region}.amazonaws.com/v1/a"}
          Both: {Value: !Join [",", [!GetAtt First.ApiEndpoint, !GetAtt Second.ApiEndpoint]]}
          Other: {Value: "https://abcdefghij.execute-api.us-east-1.amazonaws.com/v1"}
          Elsewhere: {Value: !Sub "https://${First}.execute-api.us-east-1.amazonaws.com.example"}
        """,
        Endpoints(http_port=9100),
    )
    outputs = dict(application.outputs)
    assert outputs.pop("Elsewhere").endswith(".execute-api.us-east-1.amazonaws.com.example")
    assert outputs == {
        "First": "http://127.0.0.1:9100/a?b",
        "Endpoint": "http://127.0.0.1:9100",
        "Second": "http://127.0.0.1:9101/v1/a",
        "Both": "http://127.0.0.1:9100,http://127.0.0.1:9101",
        "Other": "https://abcdefghij.execute-api.us-east-1.amazonaws.com/v1",
    }
