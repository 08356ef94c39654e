// Command interop has code that nobody of this project wrote judge a log that this project exported.
//
//	interop tlog FOLDER VKEY           every tile and entry of the folder; roots and proofs that stdin asks for
//	interop fsck FOLDER VKEY WORKERS   every tile and entry of the folder
//	interop check                      the proofs on stdin
//	interop proof                      the proof files on stdin, each by its policy
//	interop cosigned                   the checkpoints on stdin, each by the key of a witness
//	interop cosign                     cosigns a checkpoint with a new ML-DSA-44 key
//
// VKEY is the log's key as a C2SP signed-note vkey. What is asked and answered is JSON. The exit status is 0 when the log was
// accepted or the claims were judged, 3 when the log was refused (the reason is on stderr), and another one when this program failed.
package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"strconv"
)

const refused = 3

func main() {
	err := run(os.Args[1:])
	var broken brokenError
	switch {
	case errors.As(err, &broken):
		fmt.Fprintln(os.Stderr, "interop:", err)
		os.Exit(1)
	case err != nil:
		fmt.Fprintln(os.Stderr, "refused:", err)
		os.Exit(refused)
	}
}

// brokenError is a failure of this program or of its caller: no verdict.
type brokenError struct{ error }

func run(words []string) error {
	switch {
	case len(words) == 3 && words[0] == "tlog":
		return answer(func(asked questions) (*answers, error) { return readLog(words[1], words[2], asked) })
	case len(words) == 4 && words[0] == "fsck":
		workers, err := strconv.ParseUint(words[3], 10, 16)
		if err != nil {
			return brokenError{err}
		}
		return fsckFolder(words[1], words[2], uint(workers))
	case len(words) == 1 && words[0] == "check":
		return answer(judgeEach(claim.check))
	case len(words) == 1 && words[0] == "proof":
		return answer(judgeEach(proofFile.check))
	case len(words) == 1 && words[0] == "cosigned":
		return answer(judgeEach(cosigned.check))
	case len(words) == 1 && words[0] == "cosign":
		return answer(toCosign.cosign)
	}
	return brokenError{fmt.Errorf("unknown words %q", words)}
}

// answer reads JSON from stdin and writes what is found to stdout.
func answer[Asked, Found any](find func(Asked) (Found, error)) error {
	var asked Asked
	decoder := json.NewDecoder(os.Stdin)
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(&asked); err != nil {
		return brokenError{err}
	}
	found, err := find(asked)
	if err != nil {
		return err
	}
	return json.NewEncoder(os.Stdout).Encode(found)
}

// judgeEach gives, for each claim, why it was refused, or nothing.
func judgeEach[Claim any](check func(Claim) error) func([]Claim) ([]string, error) {
	return func(claims []Claim) ([]string, error) {
		reasons := make([]string, len(claims))
		for number, one := range claims {
			if err := check(one); err != nil {
				reasons[number] = err.Error()
			}
		}
		return reasons, nil
	}
}
