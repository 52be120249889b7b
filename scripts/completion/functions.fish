# Fish completion of etlutils: source this file, for example in ~/.config/fish/config.fish.

function __etlutils_has_command -d 'Whether a command has begun, behind --'
    contains -- -- (commandline -opc)
end

function __etlutils_command -d 'What the completion of the command behind -- offers'
    set -l words (commandline -opc)
    set -l end (contains -i -- -- $words)
    set -e words[1..$end]
    complete -C (string join ' ' -- (string escape -- $words) (commandline -ct))
end

# Only the beginning of regular, non-empty files is read; files in /proc look empty.
function __etlutils_columns -d 'The columns of the first file that is named'
    for word in (commandline -o)[2..]
        set word (string replace -r '^~/' $HOME/ -- $word)
        test -f "$word"; and test -r "$word"; and test -s "$word"; or continue
        head -c 65536 -- $word | tr '\r\000' '\n\n' | awk $__etlutils_header
        return
    end
end

function __etlutils_list -d 'Words, and behind a comma the words behind what is there'
    set -l typed (commandline -ct | string replace -r '^--?[^=]*=' '')
    set -l earlier (string match -r '^.*,' -- $typed; or echo)
    printf '%s\n' $earlier$argv
end

function __etlutils_zones -d 'Time zones'
    echo UTC
    awk '/^[^#]/ { print $3 }' /usr/share/zoneinfo/zone.tab 2>/dev/null
end

function __etlutils_sensors -d 'The sensors of this machine, with what they are'
    set -l name (string match -r '^[^:=]*=' -- (commandline -ct))
    for sensor in (get-temp --list 2>/dev/null)
        echo "$name$sensor"
    end
end
