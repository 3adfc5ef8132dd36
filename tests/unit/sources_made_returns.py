"""Small returns made by hand, for the tests of the readers: a CIN census, a 903, a roll, a whole authority."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import openpyxl

from swis.params import Authority, Code, Definitions, KnownGap

CASE = """<CINdetails>
  <CINreferralDate>2020-10-06</CINreferralDate><ReferralSource>2A</ReferralSource><PrimaryNeedCode>N1</PrimaryNeedCode>
  <CINclosureDate>2021-02-27</CINclosureDate><ReasonForClosure>RC1</ReasonForClosure>
  <DateOfInitialCPC>2020-12-06</DateOfInitialCPC>
  <Assessments><AssessmentActualStartDate>2020-10-07</AssessmentActualStartDate>
    <AssessmentAuthorisationDate>2020-11-01</AssessmentAuthorisationDate>
    <FactorsIdentifiedAtAssessment><AssessmentFactors>3A</AssessmentFactors><AssessmentFactors>1B</AssessmentFactors>
    </FactorsIdentifiedAtAssessment></Assessments>
  <Section47><S47ActualStartDate>2020-10-08</S47ActualStartDate><InitialCPCtarget>2020-10-29</InitialCPCtarget>
    <DateOfInitialCPC>2020-10-28</DateOfInitialCPC><ICPCnotRequired>0</ICPCnotRequired></Section47>
  <ReferralNFA>0</ReferralNFA>
  <ChildProtectionPlans><CPPstartDate>2020-10-28</CPPstartDate><InitialCategoryOfAbuse>NEG</InitialCategoryOfAbuse>
    <LatestCategoryOfAbuse>NEG</LatestCategoryOfAbuse><NumberOfPreviousCPP>1</NumberOfPreviousCPP>
    <Reviews><CPPreviewDate>2021-01-20</CPPreviewDate><CPPreviewDate>2021-03-20</CPPreviewDate></Reviews>
  </ChildProtectionPlans>
</CINdetails>"""


def child_xml(number: int = 1, *, case: str = CASE, identifiers: str = "", prefix: str = "KID") -> str:
    """One Child with the case given."""
    return (
        f"<Child><ChildIdentifiers><LAchildID>{prefix}{number:05d}</LAchildID><UPN>A820{number:09d}</UPN>{identifiers}"
        "<PersonBirthDate>2008-05-01</PersonBirthDate><GenderCurrent>1</GenderCurrent></ChildIdentifiers>"
        "<ChildCharacteristics><Ethnicity>WBRI</Ethnicity><Disabilities><Disability>VIS</Disability>"
        f"<Disability>AUT</Disability></Disabilities></ChildCharacteristics>{case}</Child>\n"
    )


def cin_xml(
    *children: str, year: int = 2021, lea: str = "390", software: str = "Supplier", attributes: str = ""
) -> str:
    """A CIN census of the children given (one by default)."""
    return (
        f"<Message{attributes}><Header><CollectionDetails><Collection>CIN</Collection><Year>{year}</Year>"
        f"<ReferenceDate>{year}-03-31</ReferenceDate></CollectionDetails><Source><SourceLevel>L</SourceLevel>"
        f"<LEA>{lea}</LEA><SoftwareCode>{software}</SoftwareCode></Source></Header><Children>\n"
        f"{''.join(children or [child_xml()])}</Children></Message>\n"
    )


HEADER_CSV = (
    "CHILD,SEX,DOB,ETHNIC,UPN,MOTHER,MC_DOB\nKID00001,1,01/05/2008,WBRI,UN4,0,\nKID00002,F,02/05/2008,AIND,A820,,\n"
)
EPISODES_CSV = (
    "CHILD,DECOM,RNE,LS,CIN,PLACE,PLACE_PROVIDER,DEC,REC,REASON_PLACE_CHANGE,HOME_POST,PL_POST,URN\n"
    "KID00001,01/06/2020,S,C2,N1,U4,PR1,,,,N1 1AA,N1 1AB,123456\n"
    "KID00002,01/07/2020,S,V2,N1,R1,PR4,01/09/2020,E13,,N1 1AA,N1 1AB,SC12345\n"
)
ROLL_CSV = (
    "pupilonrolltableid,NativeId,dob,upn,formerupn,sex,entrydate,ncyearactual,termlysessionspossible\n"
    "r1,123456,2008-May-01 00:00:00,A820000000001,,M,2020-Sep-01 00:00:00,8.0,134.0\n"
)
ATTAINMENT_CSV = "upn,urn,academic_year,attainment8\nA820000000001,123456,2020/21,45.5\n"


def write_authority(folder: Path) -> Path:
    """A folder of sound real returns of one authority for 2021: CIN census, 903, autumn roll, results."""
    files = {
        "cin/cin_2021.xml": cin_xml(),
        "ssda903/2021/header.csv": HEADER_CSV,
        "ssda903/2021/episodes.csv": EPISODES_CSV,
        "school_census/2020_autumn_pupilonroll.csv": ROLL_CSV,
        "attainment/attainment.csv": ATTAINMENT_CSV,
    }
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    return folder


def write_annex_a(path: Path, lists: dict[str, list[list[object]]]) -> Path:
    """An Annex A workbook of the sheets given, each with its header first."""
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, rows in lists.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
    path.parent.mkdir(parents=True, exist_ok=True)
    book.save(path)
    return path


def authority(**changes: object) -> Authority:
    """Gateshead-like parameters: one code, 390."""
    code = Code(name_in_dfe_files="Gateshead", old_la_code="390", new_la_code="E08000037", valid_from=date(2013, 4, 1))
    given: dict[str, object] = {
        "slug": "gateshead",
        "name": "Gateshead",
        "trials": ["swis"],
        "region": "North East",
        "codes": [code],
        "children_0_to_17": 38564,
        "returns_expected": ["cin_census", "ssda903", "school_census", "attainment"],
    }
    return Authority.model_validate(given | changes)


def split_authority() -> Authority:
    """An authority that became two codes on 1 April 2023, as Cumbria did."""
    spans = [
        ("909", date(2009, 1, 1), date(2023, 3, 31)),
        ("942", date(2023, 4, 1), None),
        ("943", date(2023, 4, 1), None),
    ]
    codes = [
        Code(name_in_dfe_files="x", old_la_code=code, new_la_code="E06000063", valid_from=start, valid_to=end)
        for code, start, end in spans
    ]
    return authority(slug="cumbria", name="Cumbria", codes=codes)


def gap(returns: str, period: str) -> KnownGap:
    """A known gap with a reason."""
    return KnownGap(returns=returns, period=period, reason="lost in a change of system")


def definitions(project_root: Path) -> Definitions:
    """The definitions of the checkout."""
    from swis.params import load_params

    return load_params(project_root / "params").definitions
