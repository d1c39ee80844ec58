using System.Collections.Immutable;
using IncidentActors.Core.Halts;
using IncidentActors.Core.Permits;
using IncidentActors.Core.Texts;

namespace IncidentActors.Core.Agents;

/// <summary>
/// What changed while a halt covered an agent. It comes with the first inbox after the halt and with those of the minute after it, so that a lost answer
/// loses nothing.
/// </summary>
/// <param name="LiftedAt">When it was lifted; null: it is still active, and does not cover the agent any more.</param>
/// <param name="Resumed">The agent's ATPs that it had set aside; empty: it did not fetch its inbox under the halt.</param>
/// <param name="Changed">What others did with those ATPs meanwhile, approvals among it, oldest first.</param>
/// <param name="Permits">The agent's permits that the halt ended.</param>
/// <param name="Deployments">What was deployed meanwhile, by anyone.</param>
public sealed record HaltBriefing(
    string HaltId, HaltScope Scope, string Reason, DateTimeOffset RaisedAt, DateTimeOffset? LiftedAt, string? LiftedBy, ImmutableArray<string> Resumed,
    ImmutableArray<string> Changed, ImmutableArray<PermitView> Permits, ImmutableArray<string> Deployments)
{
    /// <summary>How long after a lift an agent that was covered is briefed, and asked to acknowledge where that is required.</summary>
    public static readonly TimeSpan AskedFor = TimeSpan.FromDays(7);

    /// <summary>How long after the first inbox with it the following ones repeat a briefing: longer than a client waits to send again after a crash.</summary>
    public static readonly TimeSpan RepeatedFor = TimeSpan.FromMinutes(1);

    private const int MaxLineLength = 500;

    /// <summary>True: acknowledge it with <c>halt_ack</c> before the next command.</summary>
    public bool? Required { get; init; }

    /// <summary>True: an earlier inbox has carried it.</summary>
    public bool? Again { get; init; }

    /// <summary>As plain sentences, for a model, a terminal or a page: one line each, whatever texts of others hold.</summary>
    public IEnumerable<string> Sentences() => Lines().Select(line => SafeText.OneLine(line, MaxLineLength));

    private IEnumerable<string> Lines()
    {
        yield return LiftedAt is { } at
            ? $"{HaltId} ({Scope}: {Reason}) was active from {RaisedAt:u} to {at:u}, lifted by {LiftedBy}."
            : $"{HaltId} ({Scope}: {Reason}) is active since {RaisedAt:u} and does not cover you any more.";
        foreach (var line in Changed) yield return line;
        foreach (var permit in Permits) yield return $"Your permit {permit.Id} ({permit.Action} {permit.Target}) was ended: {permit.Status}.";
        foreach (var line in Deployments) yield return $"Deployed: {line}";
        if (Changed.IsEmpty && Permits.IsEmpty && Deployments.IsEmpty) yield return "Nobody else changed your work, and no deployment was reported.";
        if (Required == true) yield return $"Acknowledge that you have read this with halt_ack {HaltId} before you go on.";
    }
}
