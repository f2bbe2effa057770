"""The web server says nothing of itself."""

import http.client
import subprocess
import sys

from bin import serve

APPLICATION = "def answer(environ, start):\n    start('200 OK', [('Content-Length', '0')])\n    return []\n"


def test_no_answer_names_the_software_that_gave_it(tmp_path: object) -> None:
    port = serve.free_port(None)
    (tmp_path / "small.py").write_text(APPLICATION)
    bind = ["--bind", f"{serve.HOST}:{port}", "--pythonpath", str(tmp_path), "--log-level", "warning"]
    server = subprocess.Popen([sys.executable, "-m", "gunicorn", "small:answer", *bind], cwd=serve.ROOT)
    try:
        assert serve.wait_until_it_answers(port, [serve.Child("web", server)])
        connection = http.client.HTTPConnection(serve.HOST, port, timeout=10)
        connection.request("GET", "/")
        headers = dict(connection.getresponse().getheaders())
    finally:
        server.terminate()
        server.wait(10)
    assert "Date" in headers
    assert "Server" not in headers
