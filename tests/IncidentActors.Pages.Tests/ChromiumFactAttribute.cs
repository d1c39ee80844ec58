using IncidentActors.Testing;

namespace IncidentActors.Pages.Tests;

/// <summary>The machine's own Chromium: its path, and why a test cannot have it.</summary>
public sealed class NeedsChromiumAttribute : NeedsAttribute
{
    public const string Program = "/usr/bin/chromium";

    public override string? Missing => File.Exists(Program) ? null : $"{Program} is missing (Debian: apt-get install chromium)";

    /// <summary>Null where <c>CI=true</c>: the test runs, and fails.</summary>
    internal static string? Skip => Environment.GetEnvironmentVariable("CI") == "true" ? null : new NeedsChromiumAttribute().Missing;
}

/// <summary>A test in a real browser: skipped with the reason where there is none, a failure where <c>CI=true</c>.</summary>
public sealed class ChromiumFactAttribute : FactAttribute
{
    public ChromiumFactAttribute() => Skip = NeedsChromiumAttribute.Skip;
}

public sealed class ChromiumTheoryAttribute : TheoryAttribute
{
    public ChromiumTheoryAttribute() => Skip = NeedsChromiumAttribute.Skip;
}
