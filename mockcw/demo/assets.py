"""Configurations: the devices and licences of the clients, with the questions of their type."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import orjson

from mockcw.demo.ledger import Record
from mockcw.demo.mold import Mold, blank, gap
from mockcw.demo.quarter import midnight, moment, stamp
from mockcw.demo.scene import Client, Scene, rows_of

CONFIGURATIONS = "/company/configurations"
TYPES = "/company/configurations/types"
QUESTIONS = "/company/configurations/types/{parentId}/questions"
ANSWERS = {"Text": "see documentation", "Checkbox": True, "Number": 24, "IPAddress": "203.0.113.10", "TextArea": "-"}
ANSWERS |= {"Date": "2027-06-30T00:00:00Z"}
ACTIVE, RETIRED = 1, 5  # configuration statuses


class Device:
    """A kind of device with the ids of its type and manufacturer, and the questions of the type."""

    def __init__(self, scene: Scene, row: list[str]) -> None:
        share, kind, maker, self.model, self.system, self.prefix = row
        ledger = scene.ledger
        self.share = int(share)
        self.type = ledger.find(TYPES, kind)
        self.maker = ledger.find("/procurement/manufacturers", maker)
        self.maker_name = maker
        self.questions = ledger.records(QUESTIONS, self.type)

    def answered(self, first: int) -> list[Record]:
        """The questions as a configuration holds them; a password stays unanswered."""
        return [answered(one, first + place) for place, one in enumerate(self.questions)]


def answered(question: Record, answer_id: int) -> Record:
    """A question of a type as a configuration holds it."""
    answer = ANSWERS.get(question["fieldType"])
    return {
        "answerId": answer_id,
        "questionId": question["id"],
        "question": question["question"],
        **({} if answer is None else {"answer": answer}),
        "sequenceNumber": question["sequenceNumber"],
        "numberOfDecimals": 0,
        "fieldType": question["fieldType"],
        "requiredFlag": question["requiredFlag"],
    }


def configurations(scene: Scene) -> None:
    """As many configurations as the plan says, by the shares of the table of devices."""
    kinds = [Device(scene, row) for row in rows_of("devices.tsv")]
    draws = [kind for kind in kinds for _ in range(kind.share)]
    maker = Maker(scene)
    answer_id = 1
    for number in range(scene.plan.configurations):
        kind, client = draws[scene.variety.below(len(draws), number, 20)], scene.client(number)
        config_id, name, active = maker.make(kind, client, number, answer_id)
        answer_id += len(kind.questions)
        if active:
            client.devices.append((config_id, name))


class Maker:
    """Writes configurations; texts and molds that return are made once."""

    def __init__(self, scene: Scene) -> None:
        self._scene = scene
        self._molds: dict[str, Mold] = {}
        self._texts: dict[tuple[str, int], Mapping[str, str]] = {}

    def of(self, kind: str, number: int, fields: Callable[[], Record]) -> Mapping[str, str]:
        """The JSON texts of fields that many configurations share, kept under a kind and number."""
        known = self._texts.get((kind, number))
        if known is None:
            known = self._texts[kind, number] = self._scene.ledger.texts(CONFIGURATIONS, fields())
        return known

    def make(self, kind: Device, client: Client, number: int, answer_id: int) -> tuple[int, str, bool]:
        """Write one configuration; its id, its name, and whether it is in use."""
        scene, retired = self._scene, number % 19 == 18
        bits = scene.variety.bits(number, 21)
        user, fitter = client.callers[bits % len(client.callers)], scene.technicians[bits % len(scene.technicians)]
        bought = -1 - bits % 390
        came = moment(number, scene.plan.configurations)
        name = f"{kind.prefix}-{client.id:03d}-{number + 1:04d}"
        state = {"status": RETIRED if retired else ACTIVE, "activeFlag": not retired}
        blanks: dict[str, Any] = {
            **self.of("client", client.id, lambda: {"company": client.id, "site": client.site}),
            **self.of("user", user.id, lambda: {"contact": user.id, "lastLoginName": user.name[:100]}),
            **self.of("fitter", fitter.id, lambda: {"installedBy": fitter.id}),
            **self.of("state", int(retired), lambda: state),
            "name": name,
            "number": number + 1,
            "serial": f"{kind.maker_name[:2].upper()}{bits & 0xFFFFFFFF:08X}{number:05d}",
            "tag": f"A{number + 1:06d}",
            "bought": midnight(bought),
            "installed": midnight(bought + 7),
            "warranty": midnight(bought + 365),
            "guid": scene.variety.guid(number, 24),
            "mac": ":".join(f"{bits >> shift & 0xFF:02X}" for shift in (0, 8, 16, 24, 32)),
            "address": f"10.{client.id % 250}.{number // 250 % 250}.{number % 250 + 1}",
            "gateway": f"10.{client.id % 250}.0.1",
            "ram": 8 << bits % 4,
            "questions": orjson.dumps(kind.answered(answer_id)).decode(),
            "entered": stamp(came - 1440 * 200),
            "updated": stamp(came if number % 4 == 0 else came - 1440 * 200),
            "by": fitter.identifier,
        }
        return self.mold(kind).pour(blanks), name, not retired

    def mold(self, kind: Device) -> Mold:
        """The mold of a kind's configurations."""
        mold = self._molds.get(kind.model)
        if mold is None:
            own: Record = {"type": kind.type, "modelNumber": kind.model, "manufacturer": kind.maker}
            own["vendor"] = self._scene.vendors[kind.maker % len(self._scene.vendors)]
            if kind.system:
                own |= NETWORK | {"osType": kind.system, "osInfo": f"{kind.system} (x64)"}
            mold = self._molds[kind.model] = Mold(self._scene.ledger, CONFIGURATIONS, ALIKE | own)
        return mold


ALIKE: Record = {  # what all demo configurations have alike
    "name": gap("name"),
    **{name: blank(name) for name in ("company", "site", "contact", "installedBy", "status", "activeFlag")},
    "locationId": 1,
    "location": 1,
    "businessUnitId": 2,
    "department": 2,
    "deviceIdentifier": f"agent-{gap('number')}",
    "serialNumber": gap("serial"),
    "tagNumber": gap("tag"),
    "purchaseDate": gap("bought"),
    "installationDate": gap("installed"),
    "warrantyExpirationDate": gap("warranty"),
    "billFlag": False,
    "mobileGuid": gap("guid"),
    "displayVendorFlag": False,
    "companyLocationId": 1,
    "showRemoteFlag": False,
    "showAutomateFlag": False,
    "needsRenewalFlag": False,
    "questions": blank("questions"),
}
NETWORK: Record = {  # of a device that is on the network
    "macAddress": f"02:{gap('mac')}",
    "ipAddress": gap("address"),
    "defaultGateway": gap("gateway"),
    "cpuSpeed": "2.4 GHz",
    "ram": f"{gap('ram')} GB",
    "lastLoginName": blank("lastLoginName"),
}
