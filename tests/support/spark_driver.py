"""What a user of a Spark cluster runs: a session, a folder of Parquet, a card; told to standard output as lines of JSON.

    python spark_driver.py MASTER FOLDER DEFINITION PARQUET ...

For each line on standard input the logs are scored once, in a thread. While a stage is under way, with tasks done, at
work and still to come, it says so once (`{"middle": …}`); at the end come the counts and reasons, and what became of tasks
(`{"card": …, "tasks": …, "failed": …}`).
"""

import json
import sys
import threading
import time
from pathlib import Path

from pyspark.sql import DataFrame, SparkSession
from support.servers import SHORT_LIVED

import svclight

ENOUGH = 8
"""A stage of so many tasks is the one that goes through the log."""


def session(master: str, folder: Path) -> SparkSession:
    settings = {
        "spark.driver.host": "127.0.0.1",
        "spark.driver.bindAddress": "127.0.0.1",
        "spark.driver.memory": "1g",
        "spark.driver.extraJavaOptions": SHORT_LIVED,
        "spark.executor.memory": "768m",
        "spark.executor.extraJavaOptions": SHORT_LIVED,
        "spark.executor.cores": "1",
        "spark.cores.max": "2",
        "spark.ui.enabled": "false",
        "spark.ui.showConsoleProgress": "false",
        "spark.eventLog.enabled": "false",
        "spark.local.dir": str(folder / "local"),
        "spark.sql.warehouse.dir": str(folder / "warehouse"),
        "spark.sql.session.timeZone": "UTC",
        "spark.sql.shuffle.partitions": "4",
        "spark.sql.files.maxPartitionBytes": "1m",  # many short tasks: there is a middle
        "spark.sql.files.openCostInBytes": "0",
    }
    builder = SparkSession.builder.master(master).appName("svclight")
    for name, value in settings.items():
        builder = builder.config(name, value)
    return builder.getOrCreate()


def say(**what: object) -> None:
    sys.stdout.write(json.dumps(what) + "\n")
    sys.stdout.flush()


def card_of(frame: DataFrame, definition: str) -> dict[str, str]:
    """The tables of a card as text, so that they can be held against those of another engine."""
    card = svclight.score(frame, definition, by=["team"])
    return {"counts": card.counts.to_csv(index=False), "reasons": card.reasons.to_csv(index=False)}


class Watched(threading.Thread):
    """Scoring in a thread, watched by Spark's own status tracker from outside."""

    def __init__(self, spark: SparkSession, frame: DataFrame, definition: str) -> None:
        super().__init__()
        self.tracker, self.frame, self.definition = spark.sparkContext.statusTracker(), frame, definition
        self.card, self.error, self.stages = None, None, {}

    def run(self) -> None:
        try:
            self.card = card_of(self.frame, self.definition)
        except Exception as error:  # noqa: BLE001 - told to the test, which fails
            self.error = repr(error)

    def watch(self) -> None:
        """Looks fifty times a second; says once that the work is in its middle."""
        said = False
        while self.is_alive():
            for number in self.tracker.getActiveStageIds():
                stage = self.tracker.getStageInfo(number)
                if stage is None or stage.numTasks < ENOUGH:
                    continue
                done, at_work, failed = stage.numCompletedTasks, stage.numActiveTasks, stage.numFailedTasks
                self.stages[number] = (stage.numTasks, max(failed, self.stages.get(number, (0, 0))[1]))
                if not said and done and at_work and done + at_work <= stage.numTasks // 2:
                    say(middle={"stage": number, "tasks": stage.numTasks, "done": done, "at work": at_work})
                    said = True
            time.sleep(0.02)
        self.join()


def main(master: str, folder: str, definition: str, *parquet: str) -> None:
    spark = session(master, Path(folder))
    spark.sparkContext.setLogLevel("ERROR")
    frame = spark.read.parquet(*parquet)
    say(ready=spark.version)
    for _ in sys.stdin:
        began = time.monotonic()
        scoring = Watched(spark, frame, definition)
        scoring.start()
        scoring.watch()
        tasks, failed = (
            (sum(numbers) for numbers in zip(*scoring.stages.values(), strict=True)) if scoring.stages else (0, 0)
        )
        say(
            card=scoring.card,
            error=scoring.error,
            tasks=tasks,
            failed=failed,
            seconds=round(time.monotonic() - began, 1),
        )
    spark.stop()


if __name__ == "__main__":
    main(*sys.argv[1:])
