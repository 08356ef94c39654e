package main

import (
	"context"
	"fmt"
	"os"

	"filippo.io/torchwood"
	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

// questions asks for the proofs of records in the tree of the checkpoint, and for the roots at sizes and the proofs between them.
type questions struct {
	Records []int64 `json:"records"`
	Sizes   []int64 `json:"sizes"`
}

// answers are what x/mod computed from the tiles alone; each proof in them has passed x/mod's own check. Records, and the proof
// files that torchwood writes of them, go by index, trees by "older-newer".
type answers struct {
	Size    int64                      `json:"size"`
	Roots   map[int64]tlog.Hash        `json:"roots"`
	Records map[int64]tlog.RecordProof `json:"records"`
	Trees   map[string]tlog.TreeProof  `json:"trees"`
	Files   map[int64]string           `json:"files"`
}

type log struct {
	tiles *torchwood.TileFS
	note  []byte
	tree  tlog.Tree
	// hashes reads tiles and checks each against the root of the tree before it gives a hash.
	hashes tlog.HashReader
}

// readLog opens the checkpoint, recomputes its root, compares every entry with its leaf hash, and answers.
func readLog(folder, vkey string, asked questions) (*answers, error) {
	read, err := openLog(folder, vkey)
	if err != nil {
		return nil, err
	}
	if err := read.checkRoot(); err != nil {
		return nil, err
	}
	if err := read.checkEntries(); err != nil {
		return nil, err
	}
	return read.answer(asked)
}

func openLog(folder, vkey string) (*log, error) {
	verifier, err := note.NewVerifier(vkey)
	if err != nil {
		return nil, brokenError{err}
	}
	tiles, err := torchwood.NewTileFS(os.DirFS(folder))
	if err != nil {
		return nil, brokenError{err}
	}
	raw, err := tiles.ReadEndpoint(context.Background(), "checkpoint")
	if err != nil {
		return nil, err
	}
	opened, err := note.Open(raw, note.VerifierList(verifier))
	if err != nil {
		return nil, err
	}
	checkpoint, err := torchwood.ParseCheckpoint(opened.Text)
	if err != nil {
		return nil, err
	}
	if checkpoint.Origin != verifier.Name() {
		return nil, fmt.Errorf("checkpoint of %q, key of %q", checkpoint.Origin, verifier.Name())
	}
	hashes := torchwood.TileHashReaderWithContext(context.Background(), checkpoint.Tree, tiles)
	return &log{tiles, raw, checkpoint.Tree, hashes}, nil
}

func (l *log) checkRoot() error {
	root, err := tlog.TreeHash(l.tree.N, l.hashes)
	if err != nil {
		return err
	}
	if root != l.tree.Hash {
		return fmt.Errorf("the tiles give the root %v, the checkpoint says %v", root, l.tree.Hash)
	}
	return nil
}

// checkEntries reads every bundle of entries and compares each entry's hash with the leaf in the tiles.
func (l *log) checkEntries() error {
	client, err := torchwood.NewClient(l.tiles)
	if err != nil {
		return brokenError{err}
	}
	var count int64
	for index := range client.AllEntries(context.Background(), l.tree, 0) {
		if index != count {
			return fmt.Errorf("entry %d after %d entries", index, count)
		}
		count++
	}
	if err := client.Err(); err != nil {
		return err
	}
	if count != l.tree.N {
		return fmt.Errorf("%d entries in a tree of %d", count, l.tree.N)
	}
	return nil
}

func (l *log) answer(asked questions) (*answers, error) {
	told := &answers{l.tree.N, map[int64]tlog.Hash{}, map[int64]tlog.RecordProof{}, map[string]tlog.TreeProof{}, map[int64]string{}}
	for _, index := range asked.Records {
		proof, err := l.proveRecord(index)
		if err != nil {
			return nil, err
		}
		told.Records[index] = proof
		told.Files[index] = string(torchwood.FormatProof(index, proof, l.note))
	}
	for _, size := range asked.Sizes {
		root, err := tlog.TreeHash(size, l.hashes)
		if err != nil {
			return nil, err
		}
		told.Roots[size] = root
	}
	return told, l.proveTrees(asked.Sizes, told)
}

func (l *log) proveRecord(index int64) (tlog.RecordProof, error) {
	proof, err := tlog.ProveRecord(l.tree.N, index, l.hashes)
	if err != nil {
		return nil, err
	}
	leaf, err := l.hashes.ReadHashes([]int64{tlog.StoredHashIndex(0, index)})
	if err != nil {
		return nil, err
	}
	return proof, tlog.CheckRecord(proof, l.tree.N, l.tree.Hash, index, leaf[0])
}

// proveTrees proves each size to be a prefix of every larger one.
func (l *log) proveTrees(sizes []int64, told *answers) error {
	for _, older := range sizes {
		for _, newer := range sizes {
			if older > newer {
				continue
			}
			proof, err := tlog.ProveTree(newer, older, l.hashes)
			if err != nil {
				return err
			}
			if err := tlog.CheckTree(proof, newer, told.Roots[newer], older, told.Roots[older]); err != nil {
				return err
			}
			told.Trees[fmt.Sprintf("%d-%d", older, newer)] = proof
		}
	}
	return nil
}
