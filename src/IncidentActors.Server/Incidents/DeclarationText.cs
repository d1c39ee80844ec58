using System.Text.RegularExpressions;
using IncidentActors.Core.Agents;
using IncidentActors.Core.Incidents;

namespace IncidentActors.Server.Incidents;

/// <summary>The command line of seed 002: <c>@DEV /emergency - P0: Payment gateway returning 500 errors</c>, for any handle and any severity scale.</summary>
/// <param name="Directed">The handle that it begins with: becomes a first responder.</param>
/// <param name="Description">The lines after the first, or null.</param>
internal sealed partial record DeclarationText(string Directed, Severity Severity, string Title, string? Description)
{
    public const string Form = "'@DEV /emergency - P0: Payment gateway returning 500 errors': a handle, /emergency, a severity, what is broken";

    /// <summary>The text read, or null: it has not the form.</summary>
    public static DeclarationText? Parse(string text)
    {
        var lines = text.Trim().Split('\n', 2);
        var match = Shape().Match(lines[0].Trim());
        if (!match.Success) return null;
        var handle = Handle.Normalize(match.Groups["handle"].Value);
        if (!Handle.IsWellFormed(handle) || !Severities.TryParse(match.Groups["severity"].Value, out var severity)) return null;
        var title = match.Groups["title"].Value.Trim();
        var rest = lines.Length > 1 ? lines[1].Trim() : "";
        return title.Length == 0 ? null : new DeclarationText(handle, severity, title, rest.Length == 0 ? null : rest);
    }

    [GeneratedRegex(
        @"^@(?<handle>\S+)\s+/emergency\b\s*[-–—:]*\s*\[?(?<severity>(?:sev(?:erity)?[ -]?|p)[0-9](?:-[a-z]+)?|[a-z]+)\]?\s*(?:[:–—-]\s*|\s)(?<title>\S.*)$",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Shape();
}
