"""The only room that knows Flask: the catch-all route, the control API, and the server."""
