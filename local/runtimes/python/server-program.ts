/**
 * A server of SageMaker's inference contract on Python's standard library: `GET /ping`, `POST /invocations`.
 * What comes before it defines `transform(body, content_type, accept)`, which gives the answer and its content type.
 */
export const serverProgram = String.raw`
import http.server, os, sys, traceback

class Unsupported(Exception):
    pass

class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = 'HTTP/1.1'

    def answer(self, status, body, kind='text/plain'):
        body = body.encode() if isinstance(body, str) else bytes(body)
        self.send_response(status)
        self.send_header('content-type', kind)
        self.send_header('content-length', str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def do_GET(self):
        self.answer(200 if self.path == '/ping' else 404, '')

    def do_POST(self):
        body = self.rfile.read(int(self.headers.get('content-length') or 0))
        if self.path != '/invocations':
            return self.answer(404, 'There are GET /ping and POST /invocations.')
        kind = (self.headers.get('content-type') or 'text/csv').split(';')[0].strip().lower()
        accept = self.headers.get('accept') or ''
        try:
            answer, answered = transform(body, kind, '' if accept == '*/*' else accept)
        except Unsupported as error:
            return self.answer(415, str(error))
        except Exception as error:
            traceback.print_exc()
            return self.answer(500, type(error).__name__ + ': ' + str(error))
        self.answer(200, answer, answered)

    def log_message(self, *parts):
        pass

def serve():
    host = os.environ.get('FOLDWISE_BIND_TO_HOST', '127.0.0.1')
    http.server.ThreadingHTTPServer((host, int(os.environ['SAGEMAKER_BIND_TO_PORT'])), Handler).serve_forever()
`
