"""`aig-billing verify`: holds the live service against openapi.yaml by reading alone, and says what differs without saying what is read.

Nothing here may send anything but a GET, or the question for a top-up's status; nothing that is returned may hold an id, a name of a
person, a card or a token, or an exact amount.
"""
