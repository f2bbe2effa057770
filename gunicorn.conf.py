"""What the web server is told beside its command line; gunicorn reads this file in the folder it is started in."""

from gunicorn.http.wsgi import Response

_headers = Response.default_headers


def _without_banner(response: Response) -> list[str]:
    """The server's own headers but its name: which software answers is nobody's business. It has no setting for it."""
    return [header for header in _headers(response) if not header.startswith("Server:")]


Response.default_headers = _without_banner
