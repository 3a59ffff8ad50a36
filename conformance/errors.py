"""The one tree of errors of this house: what can stop a judgement, and the exit code that follows.

ConformanceError
├── WrongUse            the command line or a file it names cannot be used          exit 64
├── HarnessFault        the judge itself is broken, so nothing can be concluded     exit 70
├── Unmet               a requirement is not met: the check stops here              verdict fail
├── CannotTell          something the check needs did not happen                    verdict unknown
│   └── NoReply         the connection gave no reply
├── Unsupported         the target or the subject says that it does not do this     verdict unsupported
├── NotRunnable         the target lacks what the check needs (a member, control)   verdict not run
└── SubjectError        the subject reports that an operation did not succeed
    └── SubjectCrash    the subject is gone

SubjectHang             an operation of the subject never came back: no Exception, so that nothing tries it again
"""

from __future__ import annotations


class ConformanceError(Exception):
    """Anything this house raises on purpose."""


class WrongUse(ConformanceError):
    """A wrong option, file or environment: the text says what to do."""


class HarnessFault(ConformanceError):
    """The judge itself is broken."""


class Unmet(ConformanceError):
    """A requirement is not met; the text says what was seen and what is due."""


class CannotTell(ConformanceError):
    """A precondition failed, so there is no verdict on the requirement itself."""


class NoReply(CannotTell):
    """The connection was closed, refused or timed out before a whole reply came."""


class Unsupported(ConformanceError):
    """The other side says that it does not do this."""


class NotRunnable(ConformanceError):
    """The target lacks something that the check needs; the text names it."""


class SubjectError(ConformanceError):
    """The subject reports failure: `kind` is its own word for it (an exception's name, or what the command sent)."""

    def __init__(self, message: str, kind: str = "error"):
        super().__init__(message)
        self.kind = kind


class SubjectCrash(SubjectError):
    """The subject's process ended or speaks no JSON lines any more."""


class SubjectHang(BaseException):
    """An operation of the subject did not come back in time; it is not tried again, and a program is not shrunk."""
