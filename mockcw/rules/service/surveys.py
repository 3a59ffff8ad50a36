"""Surveys and their questions: copies without the answers given, questions that know their survey."""

from __future__ import annotations

from collections.abc import Iterator

from mockcw.engine.act import Act, Action
from mockcw.engine.change import Change, Effect, Put, Record, Rule
from mockcw.rules.shapes import Copying, copied
from mockcw.rules.tickets import WRITES

SURVEYS = "/service/surveys"
QUESTIONS = f"{SURVEYS}/{{parentId}}/questions"
RESULTS = f"{SURVEYS}/{{parentId}}/results"


def without_results(act: Act, made: Record) -> Record:
    """A copied survey was not answered yet."""
    for result in act.look.find(RESULTS, made["id"]):
        act.hands.erase(RESULTS, result["id"])
    return made


def copy_question(act: Act) -> Record:
    """A copy of a question comes last in its survey, with the same options."""
    last = max(int(one.get("sequenceNumber") or 0) for one in act.look.find(QUESTIONS, act.id))
    return copied(act, QUESTIONS, {"sequenceNumber": last + 1})


def of_survey(change: Change) -> Iterator[Effect]:
    """A question knows its survey's number (assumed)."""
    yield Put({"surveyId": change.parents[0]})


SURVEY = Copying(
    "postServiceSurveysByIdCopy",
    SURVEYS,
    "A copied survey has the same questions and no results.",
    names={"name": 50},
    then=without_results,
)
RULES = (Rule("survey-question.start", QUESTIONS, WRITES, of_survey, "assumed", "A question knows its survey."),)
ACTIONS = (
    SURVEY.action(),
    Action(
        "postServiceSurveysByParentIdQuestionsByIdCopy", copy_question, "assumed", "A copied question comes last.", 201
    ),
)
