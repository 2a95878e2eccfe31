"""A website that embeds the widget, and a backend that answers as the test says: two real servers."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from flask import Flask, Response, request
from werkzeug.serving import make_server

from webhook.edge import origins
from webhook.widget import routes

__all__ = ["ANSWERS", "CARD", "Stub", "serving", "website"]

SOURCE = {
    "id": "MET.17",
    "title": "boulanger/ère",
    "url": "https://example.org/MET.17",
    "licence": "ODbL",
}


def answer(text: str, buttons: tuple[str, ...] = (), **custom: object) -> dict[str, object]:
    """A message of the backend."""
    shown = [{"title": title, "payload": f"/{title.lower()}"} for title in buttons]
    return {"text": text, "buttons": shown, "custom": {"kind": "answer", **custom}}


CARD = {
    "title": "boulanger ou boulangère",
    "facts": [{"label": "Niveau", "value": "CAP"}, {"label": "Durée", "value": "2 ans"}],
    "url": "https://example.org/MET.17",
    "url_label": "Voir la fiche : boulanger",
}
OTHER = {**CARD, "title": "pâtissier ou pâtissière"}
LONG = "Une phrase assez longue pour arriver en morceaux. " * 12
PARAGRAPHS = "\n\n".join(
    ("Je compare.", "**Niveau**\n- boulanger : CAP", "**Durée**\n- 2 ans", "Source : Onisep")
)
ANSWERS: dict[str, dict[str, object]] = {
    "/start": answer("Bonjour ! Je suis un programme."),
    "texte": answer("Un **boulanger** fait du *pain* :\n\n- la nuit\n- `tôt`\n\n[fiche](https://example.org/MET.17)",
                    sources=[SOURCE], rate={"id": "etudes MET.17"}),
    "source": answer("2 ans.", sources=[SOURCE]),
    "boutons": answer("Lequel ?", ("Salaire", "Horaires")),
    "/salaire": answer("1 800 euros.", ("Horaires",)),
    "cartes": answer("Trois métiers.", cards=[CARD, {**OTHER, "facts": CARD["facts"][:1]}, {**CARD, "title": "glacier"}]),
    "compare": answer(PARAGRAPHS, ("Salaire",), cards=[CARD, OTHER]),
    "détresse": answer("Des personnes écoutent :\n\n- **3114** : jour et nuit\n- **114** : par SMS", kind="safety"),
    "humain": answer("Une personne peut vous aider.", kind="handoff",
                     handoff={"label": "le CIO", "url": "https://example.org/cio", "tel": "02 00 00 00 00"}),
    "flux": answer(LONG),
}  # fmt: skip


@dataclass
class Stub:
    """What the backend received, and what it is told to do."""

    origin: str = ""
    received: list[dict[str, object]] = field(default_factory=list)
    ratings: list[dict[str, object]] = field(default_factory=list)
    status: int = 200
    body: str | None = None
    cut: bool = False
    held: threading.Event = field(default_factory=threading.Event)

    @property
    def said(self) -> list[object]:
        """The messages received, without the greeting."""
        return [one["message"] for one in self.received if one["message"] != "/start"]

    def reset(self) -> None:
        """Forget everything, and answer again."""
        self.received.clear()
        self.ratings.clear()
        self.status, self.body, self.cut = 200, None, False
        self.held.set()


def backend(stub: Stub) -> Flask:
    """The server of Balise, without Balise."""
    app = Flask("stub", static_folder=None)
    app.register_blueprint(routes.blueprint())
    origins.install(app, {})

    @app.post("/webhooks/rest/webhook")
    def webhook() -> Response:
        body = request.get_json(force=True)
        stub.received.append({**body, "cookie": request.headers.get("Cookie")})
        stub.held.wait(10)
        if stub.status != 200 or stub.body is not None:
            return Response(
                stub.body or "trace secrète", stub.status, {"Retry-After": "7"}, "application/json"
            )
        said = ANSWERS.get(body["message"], answer(f"Reçu : {body['message']}"))
        if body["message"] == "flux":
            return Response(_events(said, cut=stub.cut), mimetype="text/event-stream")
        return Response(json.dumps([said]), mimetype="application/json")

    @app.post("/webhooks/rest/rating")
    def rating() -> Response:
        stub.ratings.append(request.get_json(force=True))
        return Response(status=204)

    return app


def _events(message: dict[str, object], *, cut: bool) -> Iterator[str]:
    words = str(message["text"]).split(" ")
    for start in range(0, len(words), 10):
        piece = " ".join(words[start : start + 10]) + " "
        yield f"event: token\ndata: {json.dumps({'t': piece})}\n\n"
    if not cut:
        yield f"event: message\ndata: {json.dumps(message)}\n\nevent: done\ndata: {{}}\n\n"


PAGE = """<!doctype html><html lang="fr"><head><meta charset="utf-8"><title>Un lycée</title>
<meta name="viewport" content="width=device-width, initial-scale=1"><link rel="stylesheet" href="/style.css">
<script defer src="{src}" {more} data-endpoint="{origin}/webhooks/rest/webhook" data-site="lycee"
  data-privacy-url="https://example.org/vie-privee" data-a11y-url="https://example.org/acces" {data}></script>
</head><body><main><h1>Un lycée</h1><p><a href="#bas" id="lien">Un lien</a> et du texte.</p><div id="ici"></div>
<p id="bas">Bas</p></main></body></html>"""
# What a careless website does to everything.
HOSTILE = """* { color: red !important; font-size: 40px !important; letter-spacing: 1em; box-sizing: content-box; }
button { display: none !important; } div { position: static !important; width: 10px !important; }
:host, balise-chat { font-family: cursive; } body { margin: 0; color: #222; } h1 { color: #000; }"""
CSP = (
    "default-src 'none'; script-src {origin}; style-src 'self'; connect-src {origin}; "
    "require-trusted-types-for 'script'"
)


def website(stub: Stub) -> Flask:
    """The website: `?data=` adds attributes to the script, `?hostile`, `?sri=`, `?csp` what they say."""
    app = Flask("website", static_folder=None)

    @app.get("/")
    def page() -> Response:
        sri = request.args.get("sri")
        more = f'integrity="{sri}" crossorigin="anonymous"' if sri else ""
        src = f"{stub.origin}{routes.script_address()}"
        html = PAGE.format(
            src=src, origin=stub.origin, more=more, data=request.args.get("data", "")
        )
        response = Response(html, mimetype="text/html")
        if "csp" in request.args:
            response.headers["Content-Security-Policy"] = CSP.format(origin=stub.origin)
        return response

    @app.get("/style.css")
    def style() -> Response:
        hostile = "hostile" in (request.referrer or "")
        return Response(HOSTILE if hostile else "body { font-family: serif }", mimetype="text/css")

    @app.get("/favicon.ico")
    def icon() -> Response:
        return Response(status=204)

    return app


@contextmanager
def serving(app: Flask) -> Iterator[str]:
    """Serve an application on a free port; its origin is given."""
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()
