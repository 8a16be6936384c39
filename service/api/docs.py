"""x."""
from litestar.openapi.plugins import OpenAPIRenderPlugin
class DocsPage(OpenAPIRenderPlugin):
    def __init__(self): super().__init__(path="/")
    def render(self, request, openapi_schema): return b"x"
