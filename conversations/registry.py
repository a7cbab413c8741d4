"""Every dialogue, in the order in which an update is offered to them."""

from conversations import (
    adhoc,
    cancellation,
    coordinator_change,
    correction,
    dispute,
    group_answers,
    judgement,
    late_change,
    leave,
    match_answer,
    missed_tap,
    notes,
    problem,
    problem_reply,
    replacement_wish,
    rescheduling,
    scheduling,
    settlement,
    stray_files,
    time_zone,
)
from conversations.dialogue import Dialogue


def dialogues() -> list[Dialogue]:
    """Make them anew: a dialogue holds the states of one application."""
    return [
        notes.build(),
        dispute.build(),
        cancellation.build(),
        rescheduling.build(),
        problem.build(),
        problem_reply.build(),
        match_answer.build(),
        missed_tap.build(),
        judgement.build(),
        replacement_wish.build(),
        late_change.build(),
        settlement.build(),
        correction.build(),
        coordinator_change.build(),
        scheduling.build(),
        adhoc.build(),
        leave.build(),
        group_answers.build(),
        time_zone.build(),
        stray_files.build(),
    ]
