using System.Globalization;
using System.Text.RegularExpressions;

namespace IncidentActors.Cli.Terminals;

/// <summary>
/// Texts from outside (a title that an alert brought) must not command the terminal: clear it, rename its window, write to the clipboard, or
/// turn the reading order round. Only people are shown texts so; <c>--json</c> stays as the server sent it.
/// </summary>
internal static partial class Visible
{
    private const string Instead = "\uFFFD";

    /// <summary>JSON whose texts hold no control character but line breaks and tabs: each is replaced by U+FFFD.</summary>
    public static string Json(string json) => Escapes().Replace(json, match => match.Value switch
    {
        [_, 'u', .. var digits] => Keep((char)ushort.Parse(digits, NumberStyles.HexNumber, CultureInfo.InvariantCulture)) ? match.Value : Instead,
        [_, 'b' or 'f'] => Instead,
        ['\\', ..] => match.Value,
        _ => Instead,
    });

    private static bool Keep(char letter) =>
        letter is '\n' or '\r' or '\t' || (!char.IsControl(letter) && letter is not ((>= '\u202A' and <= '\u202E') or (>= '\u2066' and <= '\u2069')));

    /// <summary>Every escape, so that an escaped backslash is never taken for the start of the next one; and characters that must be escaped.</summary>
    [GeneratedRegex(@"\\(?:u[0-9a-fA-F]{4}|.)|[\u007F-\u009F\u202A-\u202E\u2066-\u2069]")]
    private static partial Regex Escapes();
}
