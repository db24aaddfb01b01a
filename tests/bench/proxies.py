"""Limiters in front of the API, as people have them: nginx and HAProxy before a sandbox that has none."""

import contextlib
import shutil
import socket
import subprocess
import time
import urllib.parse

NGINX = """daemon off; pid {folder}/nginx.pid; error_log {folder}/nginx.log; user root;
events {{}}
http {{
  access_log off; client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy;
  fastcgi_temp_path {folder}/fastcgi; uwsgi_temp_path {folder}/uwsgi; scgi_temp_path {folder}/scgi;
  limit_req_zone $server_port zone=all:1m rate=10r/s;
  server {{
    listen 127.0.0.1:{port};
    location / {{ limit_req zone=all burst=5; proxy_pass http://{address}; }}
  }}
}}
"""
HAPROXY = """defaults
  mode http
  timeout connect 5s
  timeout client 60s
  timeout server 60s
frontend all
  bind 127.0.0.1:{port}
  stick-table type ip size 1k expire 10s store http_req_rate(1s)
  http-request track-sc0 src
  http-request deny if {{ sc_http_req_rate(0) gt 10 }}
  default_backend api
backend api
  server one {address}
"""
COMMANDS = {"nginx": (NGINX, ["nginx", "-c"]), "haproxy": (HAPROXY, ["haproxy", "-f"])}


def free_port():
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


@contextlib.contextmanager
def proxy(kind, url, folder):
    """Yields the URL of this one before `url`."""
    text, command = COMMANDS[kind]
    if not shutil.which(command[0]):
        raise RuntimeError(f"{kind} is not there")
    port = free_port()
    api = urllib.parse.urlsplit(url)
    settings = folder / f"{kind}.conf"
    settings.write_text(text.format(folder=folder, port=port, address=api.netloc))
    process = subprocess.Popen([*command, settings], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        while True:
            with contextlib.suppress(ConnectionRefusedError), socket.create_connection(("127.0.0.1", port)):
                break
            if process.poll() is not None:
                raise RuntimeError(f"{kind} ended with {process.returncode}")
            time.sleep(0.01)
        yield f"http://127.0.0.1:{port}{api.path}"
    finally:
        process.terminate()
        process.wait()
