"""How a field is made of a record's columns: what a mapping can say, each kind of it in a file of its own.

An operation is data. It has two readings of one meaning: `one`, of a record, and `many`, of columns. What it cannot do
for certain it leaves to a person: `one` names the fault, `many` only says where, and such rows are read one by one.

>>> street = Street("Ulica", house="Nr", flat="Lokal")
>>> street.one({"Ulica": "ul. Długa", "Nr": "5", "Lokal": "3"}).value
'ul. Długa 5/3'
>>> import polars as pl
>>> street.many(pl.DataFrame({"Ulica": ["ul. Długa"], "Nr": ["5"], "Lokal": [" "]})).values.to_list()
['ul. Długa 5']
"""

from collections.abc import Mapping

from intake.operations.address import Address
from intake.operations.column import Column
from intake.operations.constant import Constant
from intake.operations.full_name import FullName
from intake.operations.join import Join
from intake.operations.kind_of import KindOf
from intake.operations.operation import Operation
from intake.operations.phone import Phone
from intake.operations.street import Street

# The key that says which operation a table in a mapping file is.
OPERATIONS: Mapping[str, type[Operation]] = {
    "column": Column,
    "constant": Constant,
    "join": Join,
    "street": Street,
    "number": Phone,
    "address": Address,
    "full_name": FullName,
    "kind_of": KindOf,
}
