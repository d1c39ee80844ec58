using System.Globalization;

namespace IncidentActors.Core.Messages;

/// <summary>A message's id names its ATP, so that the actor can be found by the id alone: <c>msg-AT-EMRG-01-3</c>.</summary>
public static class MessageIds
{
    private const string Prefix = "msg-";

    public static string Of(string atpId, int number) => $"{Prefix}{atpId}-{number.ToString(CultureInfo.InvariantCulture)}";

    public static bool TryParse(string? id, out string atpId, out int number)
    {
        atpId = "";
        number = 0;
        if (id is null || !id.StartsWith(Prefix, StringComparison.Ordinal)) return false;
        var dash = id.LastIndexOf('-');
        if (dash <= Prefix.Length) return false;
        atpId = id[Prefix.Length..dash];
        return int.TryParse(id.AsSpan(dash + 1), NumberStyles.None, CultureInfo.InvariantCulture, out number) && number > 0;
    }
}
