using System.Collections.Immutable;
using IncidentActors.Core.Agents;
using IncidentActors.Core.Decisions;
using IncidentActors.Core.Flows;
using IncidentActors.Core.Messages;

namespace IncidentActors.Core.Incidents;

/// <summary>
/// The command line of seed 002, <c>@DEV /emergency - P0: Payment gateway
/// returning 500 errors</c>, for any handle and any scale of severity.
/// </summary>
public static class DeclarationText
{
    public const string Form = "'@DEV /emergency - P0: Payment gateway returning 500 errors': a handle, a command, a severity, what is broken";

    /// <summary>Commands that are no flow's name, each with the flow that it runs; null for that of the severity. Every other command names an urgent flow.
    /// <c>/emergency</c> is the nine steps of seed 002.</summary>
    private static readonly ImmutableSortedDictionary<string, string?> Named =
        ImmutableSortedDictionary<string, string?>.Empty.Add("emergency", "critical-response").Add("incident", null);

    private static readonly char[] Blank = [' ', '\t'];

    /// <summary>Reads a declaration: the first line is the title, further lines are the description.</summary>
    /// <param name="declare">What to declare when the answer is null.</param>
    /// <returns>Null, or why the text is not a declaration; the sentence shows the form.</returns>
    public static Rejected? Read(string? text, FlowSet flows, out DeclareIncident? declare)
    {
        declare = null;
        var lines = (text ?? "").Trim().ReplaceLineEndings("\n").Split('\n', 2);
        var rest = lines[0].Trim();
        if (!Word(ref rest, out var handle) || handle[0] != '@' || !Handle.IsWellFormed(handle = Handle.Normalize(handle)))
            return Malformed($"It begins with a handle, not with '{Short(lines[0])}'");
        if (!Word(ref rest, out var command) || !(command = command.TrimEnd(':', ',')).StartsWith('/'))
            return Malformed($"After {handle} comes a command, not '{Short(command)}'", Commands(flows));
        var known = Named.TryGetValue(command[1..].ToLowerInvariant(), out var runs);
        var flow = flows.Find(known ? runs ?? "" : command[1..]);
        if ((flow is null && !known) || flow is { Urgent: false })
            return Malformed($"{command} declares no incident", Commands(flows));
        rest = rest.TrimStart('-', '–', '—', ':', ' ', '\t');
        if (!Scale(ref rest, out var severity))
            return Malformed($"After {command} comes a severity, not '{Short(rest)}'", [Severities.Accepted]);
        var title = rest.TrimStart('-', '–', '—', ':', ']', ' ', '\t').Trim();
        if (title.Length == 0) return Malformed("It does not say what is broken");
        declare = new DeclareIncident(
            title, severity, null, lines.Length > 1 ? lines[1].Trim() : null, null,
            ImmutableSortedDictionary<string, string>.Empty, "command", null, null, [], Directed: handle, Flow: flow?.Name);
        return null;
    }

    private static ImmutableArray<string> Commands(FlowSet flows) =>
        [.. Named.Keys.Concat(flows.Latest.Where(flow => flow.Urgent).Select(flow => flow.Name)).Distinct().Select(name => "/" + name)];

    private static bool Word(ref string rest, out string word)
    {
        var end = rest.IndexOfAny(Blank);
        word = end < 0 ? rest : rest[..end];
        rest = end < 0 ? "" : rest[end..].TrimStart();
        return word.Length > 0;
    }

    /// <summary><c>P0:</c>, <c>[P0]</c>, <c>SEV-1 -</c>, <c>severity 1</c>, <c>critical</c>.</summary>
    private static bool Scale(ref string rest, out Severity severity)
    {
        var after = rest.TrimStart('[');
        if (!Word(ref after, out var word)) return Severities.TryParse(null, out severity);
        var colon = word.IndexOfAny([':', ']', ',']);
        if (colon >= 0)
        {
            after = $"{word[(colon + 1)..]} {after}";
            word = word[..colon];
        }

        if (word.Equals("severity", StringComparison.OrdinalIgnoreCase) || word.Equals("sev", StringComparison.OrdinalIgnoreCase))
        {
            Word(ref after, out var number);
            word += number.TrimEnd(':', ']');
        }

        if (!Severities.TryParse(word, out severity)) return false;
        rest = after;
        return true;
    }

    private static Rejected Malformed(string what, ImmutableArray<string> allowed = default) =>
        Rejected.Malformed(Rules.ArgumentMalformed, $"{what}. An incident is declared by {Form}.", allowed);

    private static string Short(string text) => Shortened.To(text, 40);
}
