"""The API over HTTP: routing, authentication, rate limit, faults, the operations, and the servers that answer.

What belongs here: everything between bytes on a connection and the bank. What may not enter: rules about money (those are the
bank's) and the controls, which stand above this room.

A request passes through one value, `RequestContext`, and three steps of `BillingService`: it is identified before its body is
read, accepted once the body is there, and delivered.
"""
