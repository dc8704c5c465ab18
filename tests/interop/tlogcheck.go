// A verifier of the log that shares no code with it: Go's sumdb packages, as Debian ships them.
//
//	tlogcheck leaves KEY CHECKPOINT LEAVES        the leaves make the checkpoint's root
//	tlogcheck record KEY PROOF LEAF               the leaf is in the tree of the proof's checkpoint
//	tlogcheck tree   KEY OLD_CHECKPOINT ANSWER    the answer's tree begins with the old one
package main

import (
	"bytes"
	"encoding/base64"
	"fmt"
	"os"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

func fail(what string, err error) {
	fmt.Println(what, err)
	os.Exit(1)
}

func read(path string) []byte {
	data, err := os.ReadFile(path)
	if err != nil {
		fail("read", err)
	}
	return data
}

func hash(text string) tlog.Hash {
	data, err := base64.StdEncoding.DecodeString(text)
	var found tlog.Hash
	if err != nil || len(data) != len(found) {
		fail("hash", err)
	}
	copy(found[:], data)
	return found
}

func hashes(lines []string) []tlog.Hash {
	var found []tlog.Hash
	for _, line := range lines {
		found = append(found, hash(line))
	}
	return found
}

func number(text string) int64 {
	found, err := strconv.ParseInt(text, 10, 64)
	if err != nil {
		fail("number", err)
	}
	return found
}

func open(key string, message []byte) (int64, tlog.Hash) {
	verifier, err := note.NewVerifier(key)
	if err != nil {
		fail("key", err)
	}
	opened, err := note.Open(message, note.VerifierList(verifier))
	if err != nil {
		fail("note", err)
	}
	lines := strings.Split(opened.Text, "\n")
	if lines[0] != verifier.Name() {
		fail("origin", nil)
	}
	return number(lines[1]), hash(lines[2])
}

func leaves(key, checkpoint, path string) {
	size, root := open(key, read(checkpoint))
	var stored []tlog.Hash
	reader := tlog.HashReaderFunc(func(indexes []int64) ([]tlog.Hash, error) {
		var found []tlog.Hash
		for _, index := range indexes {
			found = append(found, stored[index])
		}
		return found, nil
	})
	var count int64
	for _, leaf := range bytes.SplitAfter(read(path), []byte("\n\n")) {
		if len(leaf) == 0 || count == size {
			continue
		}
		more, err := tlog.StoredHashesForRecordHash(count, tlog.RecordHash(leaf[:len(leaf)-1]), reader)
		if err != nil {
			fail("store", err)
		}
		stored = append(stored, more...)
		count++
	}
	if count < size {
		fail("too few leaves", nil)
	}
	found, err := tlog.TreeHash(size, reader)
	if err != nil || found != root {
		fail("root differs", err)
	}
}

func parts(path string) ([]string, []byte) {
	head, rest, _ := bytes.Cut(read(path), []byte("\n\n"))
	return strings.Split(string(head), "\n"), rest
}

func record(key, path, leaf string) {
	head, message := parts(path)
	size, root := open(key, message)
	index := number(strings.TrimPrefix(head[1], "index "))
	err := tlog.CheckRecord(hashes(head[2:]), size, root, index, tlog.RecordHash(read(leaf)))
	if err != nil {
		fail("record", err)
	}
}

func tree(key, checkpoint, path string) {
	oldSize, oldRoot := open(key, read(checkpoint))
	head, message := parts(path)
	size, root := open(key, message)
	if err := tlog.CheckTree(hashes(head[1:]), size, root, oldSize, oldRoot); err != nil {
		fail("tree", err)
	}
}

func main() {
	if len(os.Args) != 5 {
		fail("usage", nil)
	}
	map[string]func(string, string, string){"leaves": leaves, "record": record, "tree": tree}[os.Args[1]](
		os.Args[2], os.Args[3], os.Args[4])
	fmt.Println("ok")
}
