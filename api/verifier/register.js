// The words of public registers (ledger/books/register.py): an organisation has one number in one, and is one party.

/** An identifier without what its spellings differ in. */
export function bare(identifier) {
  const groups = identifier.split(/[ ./-]+/).filter((group) => group);
  return groups.join("-").replace(/[A-Z]/g, (letter) => letter.toLowerCase());
}

export const DEMANDED_OF_REGISTERS = {
  "is-new-identifier": (context, [field], identifier) => {
    const party = context.books.registered.get(bare(identifier));
    if (party) context.fault("identifier-again", `${field} ${identifier}: belongs to ${party} already; an organisation is one party`);
  },
};

export const REMEMBERED_OF_REGISTERS = {
  "is-registered": ({ books }, record, flows, party, identifier) => {
    if (!books.registered.has(bare(identifier))) books.registered.set(bare(identifier), party);
  },
};
