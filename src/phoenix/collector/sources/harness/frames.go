package main

import (
	"bufio"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"io"
)

// The protocol, whole. A frame is a length (uint32, little endian) and that many bytes. A message is one frame of JSON,
// followed by as many frames of OTLP (ExportMetricsServiceRequest, protobuf) as its "times" has entries. The parent
// sends a request and waits for the answer; the harness says hello first. Times are nanoseconds since 1970.
//
//	hello    {"protocol": 1, "version": "0.160.0"}
//	load     {"op": "load", "times": [t, ...]} + requests       keeps them for the evaluations that follow
//	         {"ok": true}
//	evaluate {"op": "evaluate", "config": text, "environment": {name: value}, "start": t, "end": t}
//	         {"ok": true, "times": [t, ...]} + requests         what reached the exporter, in order, and when
//	         {"ok": false, "kind": k, "message": text, "request": i, "last": true}
//
// kind is "config" (not accepted), "request" (a component answered an error for request i), "crash" (a component
// panicked) or "stuck" (components wait for each other for ever, or did not stop). "last" stands where something of the
// pipeline is left behind: the process ends after the answer.
const protocolVersion = 1

const frameLimit = 1<<31 - 1

type hello struct {
	Protocol int    `json:"protocol"`
	Version  string `json:"version"`
}

type request struct {
	Op          string            `json:"op"`
	Times       []int64           `json:"times"`
	Config      string            `json:"config"`
	Environment map[string]string `json:"environment"`
	Start       int64             `json:"start"`
	End         int64             `json:"end"`
}

type answer struct {
	OK      bool    `json:"ok"`
	Times   []int64 `json:"times,omitempty"`
	Kind    string  `json:"kind,omitempty"`
	Message string  `json:"message,omitempty"`
	Request int     `json:"request"`
	// Last says that the process ends after this answer.
	Last bool `json:"last,omitempty"`
}

func readFrame(reader *bufio.Reader) ([]byte, error) {
	var size uint32
	if err := binary.Read(reader, binary.LittleEndian, &size); err != nil {
		return nil, err
	}
	if size > frameLimit {
		return nil, fmt.Errorf("a frame of %d bytes", size)
	}
	frame := make([]byte, size)
	if _, err := io.ReadFull(reader, frame); err != nil {
		// A frame cut short is not a clean end.
		return nil, fmt.Errorf("a frame ends early: %v", err)
	}
	return frame, nil
}

func send(out *bufio.Writer, message any, requests [][]byte) error {
	header, err := json.Marshal(message)
	if err != nil {
		return err
	}
	for _, frame := range append([][]byte{header}, requests...) {
		if len(frame) > frameLimit {
			return fmt.Errorf("a frame of %d bytes", len(frame))
		}
		if err := binary.Write(out, binary.LittleEndian, uint32(len(frame))); err != nil {
			return err
		}
		if _, err := out.Write(frame); err != nil {
			return err
		}
	}
	return out.Flush()
}
