"""Projects, their phases and tickets, project templates."""

from mockcw.engine.act import Action, View
from mockcw.engine.change import Rule
from mockcw.rules.attached import attached
from mockcw.rules.project import projects, templates, tickets
from mockcw.rules.ticketlists import views_of
from mockcw.rules.tickets import PROJECT

ATTACH, ATTACHED = attached(PROJECT, "~ticketConfigurations", "ProjectTickets")
RULES: tuple[Rule, ...] = (*tickets.RULES, *projects.RULES, *templates.RULES)
ACTIONS: tuple[Action, ...] = (*tickets.ACTIONS, *projects.ACTIONS, *templates.ACTIONS, *ATTACH)
VIEWS: tuple[View, ...] = (*views_of(PROJECT), *templates.VIEWS, ATTACHED)
