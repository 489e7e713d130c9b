def handler(event, context):
    return "the folder of the template"
