using System.Collections.Immutable;

namespace IncidentActors.Core.Atps;

/// <summary>
/// Arguments about the work that users of the <c>governance</c> tools send with their calls. Each is kept on the ATP under its name and shown; the
/// named ones also do something.
/// </summary>
public static class DetailNames
{
    public const string Dependencies = "dependencies";
    public const string Criteria = "acceptanceCriteria";
    public const string CriteriaMet = "acceptanceCriteriaMet";
    public const string Deadline = "deadline";
    public const string HandoffTo = "handoffTo";
    public const string Summary = "summary";
    public const string CurrentState = "currentState";
    public const string NextSteps = "nextSteps";

    /// <summary>What a blocked ATP waits for.</summary>
    public static readonly ImmutableArray<string> OfBlocker = ["blockerType", "blockerDescription", "estimatedUnblock"];

    /// <summary>Every name with its meaning.</summary>
    public static readonly ImmutableSortedDictionary<string, string> Meanings = new Dictionary<string, string>
    {
        [Dependencies] = "ATPs that must be finished first: the ATP waits for them. Beginning without them is answered with a warning.",
        [Criteria] = "What must be true at the end. Closing says whether it is met.",
        [CriteriaMet] = "At closing: true, or what is not met; then notes or summary give the reason.",
        [Deadline] = "When the work must be finished or the message answered (RFC 3339): a clock runs and escalates.",
        [HandoffTo] = "The agent that continues; it becomes the owner.",
        [Summary] = "What was done, in short.",
        [CurrentState] = "The current state of the work.",
        [NextSteps] = "What comes next.",
        ["blockerType"] = "Kind of what the work waits for.",
        ["blockerDescription"] = "What the work waits for.",
        ["estimatedUnblock"] = "When that is expected.",
        ["stage"] = "Stage of the work in the team's own process.",
        ["section"] = "Part of the project.",
        ["implementationSteps"] = "How it is done, step by step.",
        ["filesToModify"] = "Files that change.",
        ["riskMitigation"] = "What is done about the risk.",
        ["phase"] = "Phase of the project.",
        ["estimatedHours"] = "Expected effort.",
        ["risk"] = "What can go wrong.",
        ["sourceRef"] = "Where the work comes from.",
        ["evidence"] = "What proves it.",
        ["testStrategy"] = "How it is tested.",
        ["lessonsLearned"] = "At closing: what to do otherwise next time.",
        ["metrics"] = "At closing: figures.",
        ["description"] = "The work in more words.",
        ["objective"] = "What it is for.",
        ["context"] = "What one must know of it.",
        ["handoffType"] = "Kind of handoff.",
        ["uowId"] = "Unit of work in the team's own plan.",
        ["pattern"] = "Pattern of work in the team's own process.",
        ["generateReport"] = "Kept only: reports are made from the journal.",
        ["compileIssueLog"] = "Kept only: reports are made from the journal.",
        ["generateArtifacts"] = "Kept only: reports are made from the journal.",
    }.ToImmutableSortedDictionary(StringComparer.Ordinal);
}
