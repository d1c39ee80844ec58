using IncidentActors.Core.Agents;

namespace IncidentActors.Core.Atps;

/// <summary>
/// The seeds let an agent create the follow-up of what it closed by <c>atp_create</c>, although the closure has created it already: such a
/// call means the follow-up that is there, so that there is exactly one.
/// </summary>
public static class OwedFollowUps
{
    /// <summary>Closed ATPs for which the call may create the follow-up: the one that ended the caller's turn, the named parent, those in its text.</summary>
    public static IEnumerable<string> Parents(CreateAtp create, EndedTurn? ended) =>
        ((IEnumerable<string?>)[ended?.AtpId, create.ParentAtpId, .. AtpIdsIn(create.Notes), .. AtpIdsIn(create.Title)]).OfType<string>().Distinct();

    /// <summary>The follow-up of one of the parents that has the type that is asked for, or null.</summary>
    public static FollowUp? Meant(CreateAtp create, IEnumerable<FollowUp> followUps) =>
        followUps.FirstOrDefault(followUp => followUp.Type == create.Type);

    private static IEnumerable<string> AtpIdsIn(string? text) =>
        (text ?? "").Split([' ', '\n', '\t', ',', ';', '(', ')', '[', ']'], StringSplitOptions.RemoveEmptyEntries)
            .Select(word => word.TrimEnd('.', ':', '!', '?'))
            .Where(word => word.StartsWith("AT-", StringComparison.Ordinal) && word.Length > 3)
            .Take(8);
}
