using IncidentActors.Testing;

namespace IncidentActors.Pages.Tests;

/// <summary>The machine's own Chromium: its path, and why a test cannot have it.</summary>
public sealed class NeedsChromiumAttribute : NeedsAttribute
{
    public const string Program = "/usr/bin/chromium";

    public override string? Missing => File.Exists(Program) ? null : $"{Program} is missing (Debian: apt-get install chromium)";
}

/// <summary>A test in a real browser.</summary>
public sealed class ChromiumFactAttribute() : SlowFactAttribute(() => new NeedsChromiumAttribute().Missing);

/// <summary>A test in a real browser.</summary>
public sealed class ChromiumTheoryAttribute() : SlowTheoryAttribute(() => new NeedsChromiumAttribute().Missing);
