using IncidentActors.Core.Decisions;

namespace IncidentActors.Core.Atps;

/// <summary>Ids that people and models confuse: <c>ATP-8</c>, <c>AT-01-08</c> and <c>8</c>.</summary>
public static class AtpIds
{
    internal static Rejected Unknown(AtpTurn turn) => Resembling(turn) is { } other
        ? Rejected.Unknown(Rules.AtpUnknown, $"There is no ATP {turn.Id}, but there is {other}: check the id.", [other])
        : AtpDecider.Unknown(turn.Id);

    /// <summary>An ATP with the same number in another spelling, or null.</summary>
    internal static string? Resembling(AtpTurn turn) =>
        Writings(turn.Id).Where(id => id != turn.Id).FirstOrDefault(id => turn.World.Actors.Get(ActorId.Atp(id)) is not null);

    /// <summary>Other spellings of the id: <c>ATP-8</c> and <c>AT-01-08</c> are <c>8</c>.</summary>
    public static IEnumerable<string> Writings(string id)
    {
        var number = id[(id.LastIndexOf('-') + 1)..].TrimStart('0');
        if (number.Length == 0 || !number.All(char.IsAsciiDigit)) return [];
        var rest = id.StartsWith("ATP-", StringComparison.OrdinalIgnoreCase) ? id[4..]
            : id.StartsWith("AT-", StringComparison.OrdinalIgnoreCase) ? id[3..]
            : id;
        return new[] { number, $"ATP-{number}", $"AT-{number}", rest, $"AT-{rest}", $"ATP-{rest}" }.Distinct();
    }
}
