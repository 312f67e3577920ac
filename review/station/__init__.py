"""The review station: the queue in the browser. Pages are written on the server; a little script helps the keyboard."""
