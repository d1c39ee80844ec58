using Microsoft.Data.Sqlite;

namespace IncidentActors.Storage.Tests.Sqlite;

/// <summary>The SQLite that is shipped has the fixes that matter to a journal with WAL.</summary>
public sealed class SqliteVersionTests
{
    /// <summary>CVE-2025-6965 was fixed in 3.50.2, the corruption by a reset of the WAL in 3.51.3.</summary>
    private static readonly Version Fixed = new(3, 51, 3);

    [Fact]
    public void It_is_newer_than_the_known_faults()
    {
        using var connection = new SqliteConnection("Data Source=:memory:");
        connection.Open();
        Assert.InRange(Version.Parse(connection.ServerVersion), Fixed, new Version(4, 0));
    }

    [Fact]
    public void Advisories_of_packages_break_the_build()
    {
        var build = File.ReadAllText(IncidentActors.Testing.SourceTree.Path("Directory.Build.props"));
        Assert.Contains("<NuGetAuditMode>all</NuGetAuditMode>", build, StringComparison.Ordinal);
        Assert.DoesNotContain("<NuGetAudit>false", build, StringComparison.Ordinal);
        Assert.Contains("<TreatWarningsAsErrors>true", build, StringComparison.Ordinal);
    }
}
