package main

import (
	"fmt"

	"filippo.io/torchwood"
	"golang.org/x/mod/sumdb/tlog"
)

// claim says what stands in the tree of Size entries under Root: record number At, whose leaf hash is Hash; or, with Tree, the
// tree of the first At entries, whose root is Hash.
type claim struct {
	Tree  bool        `json:"tree"`
	At    int64       `json:"at"`
	Hash  tlog.Hash   `json:"hash"`
	Size  int64       `json:"size"`
	Root  tlog.Hash   `json:"root"`
	Proof []tlog.Hash `json:"proof"`
}

func (c claim) check() error {
	if c.Tree {
		return tlog.CheckTree(c.Proof, c.Size, c.Root, c.At, c.Hash)
	}
	return tlog.CheckRecord(c.Proof, c.Size, c.Root, c.At, c.Hash)
}

// proofFile is a C2SP tlog-proof of an entry, to be judged by a C2SP tlog-policy.
type proofFile struct {
	Policy string `json:"policy"`
	Proof  string `json:"proof"`
	Entry  []byte `json:"entry"`
}

func (p proofFile) check() error {
	policy, err := torchwood.ParsePolicy([]byte(p.Policy))
	if err != nil {
		return fmt.Errorf("policy: %w", err)
	}
	return torchwood.VerifyProof(policy, tlog.RecordHash(p.Entry), []byte(p.Proof))
}
