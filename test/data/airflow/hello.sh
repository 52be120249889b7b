#!/bin/sh
echo "hello from $PWD" >"$OUT/hello"
