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

function __etlutils_columns -d 'The columns in the header of the first file that is named'
    for word in (commandline -o)[2..]
        test -f $word -a -r $word; or continue
        head -n 1 -- $word | tr ',;\t' '\n\n\n' | tr -d '"\r\357\273\277'
        return
    end
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
