"""Calls a service with py3cw as it comes from PyPI, and tells what came back.

Input: one JSON object on standard input, so that no secret is in the list of processes:
  {"base_url", "api_key", "secret" or "private_key" (PEM), "entity", "action", "damage_signature": true or false}
Output: one JSON object on standard output:
  {"status": of the HTTP answer, "error": its code or null}

py3cw makes the request and signs it, with its own code throughout. It has no setting for the address of the service, so the
constant that holds it is set before py3cw reads it. To damage a signature that is made inside py3cw, the session of
`requests` that py3cw publishes as an attribute is given its documented hook for finished requests.
"""

import base64
import json
import sys

import py3cw.config


def flip_one_bit(signature):
    """Changes one byte of the signature itself, not of its text, where a letter's case need not matter."""
    is_hex = len(signature) == 64
    raw = bytearray(bytes.fromhex(signature) if is_hex else base64.b64decode(signature))
    raw[len(raw) // 2] ^= 1
    return raw.hex() if is_hex else base64.b64encode(bytes(raw)).decode("ascii")


def damage(request):
    request.headers["Signature"] = flip_one_bit(request.headers["Signature"])
    return request


def main():
    call = json.load(sys.stdin)
    py3cw.config.API_URL = call["base_url"].rstrip("/")
    from py3cw.request import Py3CW

    client = Py3CW(key=call["api_key"], secret=call.get("secret"), selfsigned=call.get("private_key"))
    client.session.trust_env = False  # no proxy: the service is on this machine
    answers = []
    client.session.hooks["response"].append(lambda answer, **_: answers.append(answer))
    if call["damage_signature"]:
        client.session.auth = damage

    failure, _ = client.request(entity=call["entity"], action=call["action"])
    if not answers:
        raise SystemExit(failure.get("msg", "py3cw got no answer"))
    body = answers[-1].json()
    error = body.get("error") if isinstance(body, dict) else None
    json.dump({"status": answers[-1].status_code, "error": error}, sys.stdout)


if __name__ == "__main__":
    main()
