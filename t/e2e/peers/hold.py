# hold: Python's websockets listens and says nothing.
# usage: hold.py URL TOKEN SECONDS [SUBPROTOCOL...]; prints "open" or how it
# ended.
import asyncio
import inspect
import sys

import websockets

url, token, seconds, *protocols = sys.argv[1:]
# The parameter was renamed in websockets 14, and "open" became a state.
takes = inspect.signature(websockets.connect.__init__).parameters
headers = "additional_headers" if "additional_headers" in takes else "extra_headers"


def is_open(s):
    return s.open if hasattr(s, "open") else s.state.name == "OPEN"


async def listen():
    try:
        async with websockets.connect(
            url,
            subprotocols=protocols or None,
            **{headers: {"Cookie": "sid=" + token}},
            ping_interval=None,
        ) as s:
            loop = asyncio.get_running_loop()
            end = loop.time() + float(seconds)
            while loop.time() < end:
                try:
                    await asyncio.wait_for(s.recv(), end - loop.time())
                except asyncio.TimeoutError:
                    break
            print("open" if is_open(s) else "not open", flush=True)
    except Exception as e:
        print("closed", repr(e), flush=True)


asyncio.run(listen())
