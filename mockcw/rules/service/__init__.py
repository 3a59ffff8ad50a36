"""Service tickets, boards and what is set up around them."""

from mockcw.engine.act import Action, View
from mockcw.engine.change import Rule
from mockcw.rules.attached import attached
from mockcw.rules.service import boards, changelogs, knowledge, sla, surveys, ticketactions, tickets
from mockcw.rules.ticketlists import views_of
from mockcw.rules.tickets import SERVICE

ATTACH, ATTACHED = attached(SERVICE, "~ticketConfigurations", "ServiceTickets")
RULES: tuple[Rule, ...] = (*tickets.RULES, *boards.RULES, *changelogs.RULES, *surveys.RULES)
ACTIONS: tuple[Action, ...] = (
    *ticketactions.ACTIONS,
    *boards.ACTIONS,
    *surveys.ACTIONS,
    *knowledge.ACTIONS,
    *changelogs.ACTIONS,
    *ATTACH,
)
VIEWS: tuple[View, ...] = (*views_of(SERVICE), *boards.VIEWS, *sla.VIEWS, ATTACHED)
