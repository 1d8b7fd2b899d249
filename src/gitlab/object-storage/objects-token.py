# Hands GitLab tokens for its object storage: it asks the metadata service one question, in its own words, and answers no other.
import http.client
import json
import socket
import sys
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, quote, urlsplit

CLIENT_ID = sys.argv[1]
METADATA = '169.254.169.254'
PATH = '/metadata/identity/oauth2/token'
RESOURCES = ('https://storage.azure.com', 'https://storage.azure.com/')


class Handler(BaseHTTPRequestHandler):
    timeout = 10

    def do_GET(self):
        url = urlsplit(self.path)
        asked = parse_qs(url.query, keep_blank_values=True)
        resource = asked.pop('resource', [''])
        # the metadata service refuses both too: a server that can be made to fetch an address can rarely be made to send this header.
        if self.headers.get_all('Metadata') != ['true'] or 'X-Forwarded-For' in self.headers:
            self.refuse('the header "Metadata: true" is missing')
        elif url.path != PATH or len(resource) != 1 or resource[0] not in RESOURCES:
            self.refuse('only tokens for Blob storage are handed out')
        elif asked.pop('client_id', [CLIENT_ID]) != [CLIENT_ID] or len(asked.pop('api-version', [''])) != 1 or asked:
            self.refuse('only tokens of the identity of object storage are handed out')
        else:
            self.answer(*ask(resource[0]))

    def refuse(self, why):
        self.answer(400, json.dumps({'error': 'invalid_request', 'error_description': why}).encode())

    def answer(self, status, body):
        self.send_response(status)
        self.send_header('Content-Type', 'application/json')
        self.send_header('Content-Length', str(len(body)))
        self.end_headers()
        self.wfile.write(body)


def ask(resource):
    connection = http.client.HTTPConnection(METADATA, timeout=30)
    try:
        connection.request('GET', f'{PATH}?api-version=2018-02-01&resource={quote(resource, safe="")}&client_id={CLIENT_ID}', headers={'Metadata': 'true'})
        answer = connection.getresponse()
        return answer.status, answer.read()
    except (OSError, http.client.HTTPException) as error:
        return 503, json.dumps({'error': 'temporarily_unavailable', 'error_description': str(error)}).encode()
    finally:
        connection.close()


class Server(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, listening):
        super().__init__(listening.getsockname(), Handler, bind_and_activate=False)
        self.socket.close()
        self.socket = listening


# systemd listens, and hands the socket over as the first file after the standard ones.
Server(socket.socket(fileno=3)).serve_forever()
