// Program phoenix-harness answers "what would this pipeline have made of that telemetry" many times a second.
//
// It links the same modules as the collector it is built beside and runs the collector's own service, with one receiver
// and one exporter of its own, on a virtual clock: a testing/synctest bubble, whose time advances only when everything
// in it waits. Phoenix starts it as a child and speaks frames with it (frames.go); src/phoenix/collector/replay drives
// it, and docs/adr/0005-replay-harness.md says why it is made this way.
package main

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
)

func main() {
	answers := bufio.NewWriterSize(os.Stdout, 1<<16)
	// Whatever a component prints must not tear the frames.
	os.Stdout = os.Stderr
	if err := serve(readAhead(os.Stdin), answers); err != nil {
		fmt.Fprintln(os.Stderr, "phoenix-harness:", err)
		os.Exit(1)
	}
}

// readAhead hands on the frames of stdin as they come. The end of stdin means that the parent closed it or died, also
// in the middle of an evaluation; nothing that is left to do would be read by anyone.
func readAhead(in io.Reader) <-chan []byte {
	frames := make(chan []byte)
	go func() {
		reader := bufio.NewReaderSize(in, 1<<16)
		for {
			frame, err := readFrame(reader)
			if errors.Is(err, io.EOF) {
				os.Exit(0)
			}
			if err != nil {
				fmt.Fprintln(os.Stderr, "phoenix-harness: stdin:", err)
				os.Exit(1)
			}
			frames <- frame
		}
	}()
	return frames
}

// serve answers one message after the other; it returns only on an error after which the process can't go on.
func serve(frames <-chan []byte, out *bufio.Writer) error {
	if err := send(out, hello{Protocol: protocolVersion, Version: collectorVersion()}, nil); err != nil {
		return err
	}
	var loaded recording
	for {
		var message request
		if err := json.Unmarshal(<-frames, &message); err != nil {
			return fmt.Errorf("a message is not JSON: %w", err)
		}
		switch message.Op {
		case "load":
			loaded = recording{times: message.Times, requests: make([][]byte, len(message.Times))}
			for i := range loaded.requests {
				loaded.requests[i] = <-frames
			}
			if err := send(out, answer{OK: true}, nil); err != nil {
				return err
			}
		case "evaluate":
			result, fatal := evaluate(message, loaded)
			result.answer.Last = fatal
			if err := send(out, result.answer, result.requests); err != nil {
				return err
			}
			if fatal {
				return errors.New("goroutines of the last pipeline are still there: " + result.answer.Message)
			}
		default:
			return fmt.Errorf("unknown op %q", message.Op)
		}
	}
}
