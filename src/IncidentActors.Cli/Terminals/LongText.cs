namespace IncidentActors.Cli.Terminals;

/// <summary>
/// Long texts on the command line: <c>@file</c> reads the file, <c>-</c>
/// reads standard input, <c>@@…</c> is a text that begins with <c>@</c>.
/// </summary>
internal static class LongText
{
    public const string Hint = "or @FILE, or - for standard input";

    /// <summary>The text, or null and why it cannot be read. A text with a space in it (<c>@dev please look</c>) is never a file.</summary>
    public static (string? Text, string? Problem) Read(string given, TextReader standardInput)
    {
        if (given == "-") return (standardInput.ReadToEnd(), null);
        if (given.StartsWith("@@", StringComparison.Ordinal)) return (given[1..], null);
        if (given is not ['@', _, ..]) return (given, null);
        var path = given[1..];
        try
        {
            if (File.Exists(path)) return (File.ReadAllText(path), null);
            return given.Any(char.IsWhiteSpace)
                ? (given, null)
                : (null, $"There is no file {path}. To send a text that begins with @, write @{given}.");
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return (null, $"{path} cannot be read: {error.Message}");
        }
    }
}
