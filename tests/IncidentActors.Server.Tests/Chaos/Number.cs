using System.Globalization;

namespace IncidentActors.Server.Tests.Chaos;

/// <summary>How much, as the environment says it.</summary>
internal static class Number
{
    public static int Of(string variable, int otherwise) =>
        int.TryParse(Environment.GetEnvironmentVariable(variable), CultureInfo.InvariantCulture, out var number) ? number : otherwise;
}
