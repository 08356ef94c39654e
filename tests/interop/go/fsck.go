package main

import (
	"context"
	"fmt"

	"github.com/transparency-dev/merkle/rfc6962"
	"github.com/transparency-dev/tessera/api"
	"github.com/transparency-dev/tessera/client"
	"github.com/transparency-dev/tessera/fsck"
	"golang.org/x/mod/sumdb/note"
)

// fsckFolder has tessera's fsck make every tile and the root from the entries and compare them with the files.
//
// It can wait for ever: each worker ends at the first tile that it finds wrong, and the reading waits for a worker. Whoever
// calls this has to bound its time.
func fsckFolder(folder, vkey string, workers uint) (err error) {
	// A bundle with too few entries makes it panic.
	defer func() {
		if reason := recover(); reason != nil {
			err = fmt.Errorf("panic: %v", reason)
		}
	}()
	verifier, err := note.NewVerifier(vkey)
	if err != nil {
		return brokenError{err}
	}
	files := client.FileFetcher{Root: folder}
	return fsck.New(verifier.Name(), verifier, files, leafHashes, fsck.Opts{N: workers}).Check(context.Background())
}

// leafHashes are those of the entries in a C2SP tlog-tiles bundle.
func leafHashes(bundle []byte) ([][]byte, error) {
	var entries api.EntryBundle
	if err := entries.UnmarshalText(bundle); err != nil {
		return nil, err
	}
	hashes := make([][]byte, len(entries.Entries))
	for index, entry := range entries.Entries {
		hashes[index] = rfc6962.DefaultHasher.HashLeaf(entry)
	}
	return hashes, nil
}
