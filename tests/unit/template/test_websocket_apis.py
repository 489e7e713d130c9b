import pytest

from local.application import RequestAuthorizer, WebSocketRoute
from local.template import TemplateError

FUNCTIONS = """
        Globals: {Function: {CodeUri: src, Handler: app.handler, Runtime: python3.13}}
        Resources:
          Auth: {Type: AWS::Serverless::Function}
          Chat: {Type: AWS::Serverless::Function}
"""
SAM = """
          Socket:
            Type: AWS::Serverless::WebSocketApi
            Properties:
              RouteSelectionExpression: $request.body.action
              StageName: live
              StageVariables: {colour: blue}
              Auth: {AuthType: CUSTOM, AuthArn: !GetAtt Auth.Arn, IdentitySource: [route.request.querystring.token]}
              Routes:
                $connect: {FunctionArn: !GetAtt Chat.Arn}
                $disconnect: {FunctionArn: !GetAtt Chat.Arn}
                send: {FunctionArn: !GetAtt Chat.Arn, RouteResponseSelectionExpression: $default, IntegrationTimeout: 3000}
                ping: {FunctionArn: !GetAtt Chat.Arn, RouteResponseSelectionExpression: $default}
          SendResponse:
            Type: AWS::ApiGatewayV2::RouteResponse
            Properties: {ApiId: !Ref Socket, RouteId: !Ref SocketSendRoute, RouteResponseKey: $default}
"""


def test_the_sam_resource(load):
    application = load(FUNCTIONS + SAM)
    (api,) = application.websocket_apis
    assert (api.stage, api.route_selection_expression) == ("live", "$request.body.action")
    assert api.stage_variables == {"colour": "blue"}
    assert api.authorizer == RequestAuthorizer("local-Auth", ("route.request.querystring.token",))
    assert api.routes == {
        "$connect": WebSocketRoute("$connect", "local-Chat"),
        "$disconnect": WebSocketRoute("$disconnect", "local-Chat"),
        "send": WebSocketRoute("send", "local-Chat", route_response=True, timeout_s=3.0),
        "ping": WebSocketRoute("ping", "local-Chat"),
    }
    noted = [each.name for each in application.ignored if "RouteResponse" in each.name]
    assert noted == ["SocketPingRoute.RouteResponseSelectionExpression"]


def test_addresses_for_clients_and_for_connections(load):
    application = load(
        FUNCTIONS
        + SAM
        + """
        Outputs:
          Client: {Value: !Sub "wss://${Socket}.execute-api.${AWS::Region}.amazonaws.com/live"}
          Post: {Value: !Sub "https://${Socket}.execute-api.${AWS::Region}.amazonaws.com/live"}
          Host: {Value: !Sub "https://${Socket}.execute-api.${AWS::Region}.amazonaws.com"}
          Endpoint: {Value: !GetAtt Socket.ApiEndpoint}
        """
    )
    api_id = application.websocket_apis[0].api_id
    assert application.outputs == {
        "Client": "ws://127.0.0.1:8765",
        "Post": f"http://127.0.0.1:4566/_aws/execute-api/{api_id}/live",
        "Host": f"http://127.0.0.1:4566/_aws/execute-api/{api_id}",
        "Endpoint": "ws://127.0.0.1:8765",
    }


RAW = """
          Api:
            Type: AWS::ApiGatewayV2::Api
            Properties: {Name: a, ProtocolType: WEBSOCKET, RouteSelectionExpression: $request.body.action}
          Stage: {Type: AWS::ApiGatewayV2::Stage, Properties: {ApiId: !Ref Api, StageName: live, AutoDeploy: true}}
          Deployment: {Type: AWS::ApiGatewayV2::Deployment, DependsOn: Connect, Properties: {ApiId: !Ref Api}}
          Authorizer:
            Type: AWS::ApiGatewayV2::Authorizer
            Properties:
              ApiId: !Ref Api
              Name: auth
              AuthorizerType: REQUEST
              AuthorizerUri: !Sub "arn:aws:apigateway:${AWS::Region}:lambda:path/2015-03-31/functions/${Auth.Arn}/invocations"
              IdentitySource: [route.request.header.Auth]
          Integration:
            Type: AWS::ApiGatewayV2::Integration
            Properties:
              ApiId: !Ref Api
              IntegrationType: AWS_PROXY
              IntegrationUri: !Sub "arn:aws:apigateway:${AWS::Region}:lambda:path/2015-03-31/functions/${Chat.Arn}/invocations"
          Connect:
            Type: AWS::ApiGatewayV2::Route
            Properties: {ApiId: !Ref Api, RouteKey: $connect, Target: !Sub "integrations/${Integration}",
                         AuthorizationType: CUSTOM, AuthorizerId: !Ref Authorizer}
"""


def test_resources_written_by_hand(load):
    (api,) = load(FUNCTIONS + RAW).websocket_apis
    assert api.routes == {"$connect": WebSocketRoute("$connect", "local-Chat")}
    assert api.authorizer == RequestAuthorizer("local-Auth", ("route.request.header.Auth",))


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("RouteKey: $connect", "RouteKey: send", "only $connect can have an authorizer"),
        ("RouteKey: $connect", "RouteKey: $connect, ApiKeyRequired: true", "API keys are not checked here"),
        ("IntegrationType: AWS_PROXY", "IntegrationType: MOCK", "must be AWS_PROXY here"),
        ("integrations/${Integration}", "integrations/other", "is no integration of this API"),
    ],
)
def test_what_the_gateway_here_does_not_do_is_an_error(load, old, new, message):
    assert old in RAW
    with pytest.raises(TemplateError) as caught:
        load(FUNCTIONS + RAW.replace(old, new))
    assert message in str(caught.value)
