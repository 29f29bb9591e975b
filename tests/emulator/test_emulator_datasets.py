"""The AIWorkSpace operations on datasets."""

from typing import Any

import pytest

from tests.emulator.service import PRODUCTION, RESEARCH, Service

ALL_OF_RESEARCH = ["training_corpus", "street_pictures", "salaries", "public_reviews"]


def names(service: Service, *, user: str = "admin", **query: Any) -> list[str]:
    rows = service.do("ListDatasets", query=query, user=user)["Datasets"]
    return [row["Name"] for row in rows]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({}, ALL_OF_RESEARCH),
        ({"WorkspaceId": RESEARCH}, ALL_OF_RESEARCH),
        ({"WorkspaceId": PRODUCTION}, ["features", "speech_annotated"]),
        ({"Name": "PICTURE"}, ["street_pictures"]),
        ({"DataSourceTypes": "NAS,CPFS"}, ["street_pictures"]),
        ({"DataTypes": "TEXT,PIC"}, ["training_corpus", "street_pictures"]),
        ({"Properties": "FILE"}, ["salaries"]),
        ({"SourceTypes": "PAI_PUBLIC_DATASET"}, ["public_reviews"]),
        ({"Accessibility": "PRIVATE"}, ["salaries"]),
        ({"Provider": "pai"}, ["public_reviews"]),
        ({"Label": "NLP"}, ["training_corpus"]),
        ({"Label": "team"}, ["training_corpus"]),
        ({"Edition": "BASIC"}, ALL_OF_RESEARCH),
        ({"WorkspaceId": PRODUCTION, "Edition": "ADVANCED"}, ["speech_annotated"]),
        ({"WorkspaceId": PRODUCTION, "SourceId": "task-7781"}, ["speech_annotated"]),
        ({"WorkspaceId": PRODUCTION, "SourceDatasetId": "d-000000000000000000"}, ["speech_annotated"]),
        ({"WorkspaceId": PRODUCTION, "ShareScope": "TO_ME"}, ["speech_annotated"]),
        ({"WorkspaceId": PRODUCTION, "ShareScope": "BY_ME"}, ["features", "speech_annotated"]),
        ({"SortBy": "Name", "Order": "DESC", "PageSize": 1}, ["training_corpus"]),
        ({"PageSize": 3, "PageNumber": 2}, ["public_reviews"]),
    ],
)
def test_a_query_finds_exactly_these_datasets(query: dict[str, Any], found: list[str]) -> None:
    assert names(Service(), **query) == found


def test_ids_find_their_datasets() -> None:
    service = Service()
    ids = [row["DatasetId"] for row in service.do("ListDatasets")["Datasets"]]
    assert names(service, DatasetIds=f"{ids[0]},{ids[2]}") == ["training_corpus", "salaries"]


def test_a_private_dataset_is_for_its_owner_and_administrators() -> None:
    service = Service()
    private = service.do("ListDatasets", query={"Name": "salaries"})["Datasets"][0]["DatasetId"]
    assert "salaries" not in names(service, user="developer")
    refusal = service.refusal("GetDataset", private, user="developer")
    assert (refusal.status, refusal.code) == (404, "201300003")
    assert service.do("GetDataset", private)["Name"] == "salaries"


@pytest.mark.parametrize(
    ("workspace_id", "user", "code"), [("99999", "admin", "100400027"), (PRODUCTION, "viewer", "100700008")]
)
def test_datasets_of_a_workspace_that_is_not_the_callers_are_refused(workspace_id: str, user: str, code: str) -> None:
    refusal = Service().refusal("ListDatasets", query={"WorkspaceId": workspace_id}, user=user)
    assert (refusal.status, refusal.code) == (404, code)


def test_the_provider_is_shown_for_one_dataset_alone() -> None:
    service = Service()
    row = service.do("ListDatasets", query={"Provider": "pai"})["Datasets"][0]
    assert "Provider" not in row
    assert service.do("GetDataset", row["DatasetId"])["Provider"] == "pai"


@pytest.mark.parametrize("query", [{"Accessibility": "SECRET"}, {"ShareScope": "ALL"}, {"SortBy": "Size"}])
def test_what_is_no_value_of_a_parameter_of_datasets_is_refused(query: dict[str, str]) -> None:
    assert Service().refusal("ListDatasets", query=query).code == "InvalidParameter"


def test_a_dataset_says_where_it_is_mounted_by_default() -> None:
    service = Service()
    row = service.do("ListDatasets")["Datasets"][0]
    assert row["Options"] == '{"mountPath":"/mnt/data/training_corpus/"}'
    assert row["LatestVersion"]["VersionName"] == "v1"


def test_a_region_without_aiworkspace_has_no_datasets() -> None:
    assert Service().world.region("me-central-1").datasets == {}
