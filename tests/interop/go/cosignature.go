package main

import (
	"fmt"

	formats "github.com/transparency-dev/formats/note"
	"golang.org/x/mod/sumdb/note"
)

// cosigned is a checkpoint that the witness of Vkey should have cosigned (C2SP tlog-cosignature).
type cosigned struct {
	Vkey string `json:"vkey"`
	Note string `json:"note"`
}

func (c cosigned) check() error {
	witness, err := formats.NewVerifierForCosignatureV1(c.Vkey)
	if err != nil {
		return fmt.Errorf("vkey: %w", err)
	}
	_, err = note.Open([]byte(c.Note), note.VerifierList(witness))
	return err
}

// toCosign asks a new witness of that name, with an ML-DSA-44 key, to cosign the three lines of a checkpoint.
type toCosign struct {
	Name string `json:"name"`
	Text string `json:"text"`
}

func (t toCosign) cosign() (cosigned, error) {
	secret, vkey, err := formats.GenerateMLDSAKey(t.Name)
	if err != nil {
		return cosigned{}, brokenError{err}
	}
	witness, err := formats.NewSignerForCosignatureV1(secret)
	if err != nil {
		return cosigned{}, brokenError{err}
	}
	signed, err := note.Sign(&note.Note{Text: t.Text}, witness)
	return cosigned{vkey, string(signed)}, err
}
