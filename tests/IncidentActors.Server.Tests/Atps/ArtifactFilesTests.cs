using IncidentActors.Server.Atps;
using Microsoft.Extensions.Logging.Abstractions;

namespace IncidentActors.Server.Tests.Atps;

public sealed class ArtifactFilesTests : IDisposable
{
    private const UnixFileMode OfOthers = (UnixFileMode)63;

    private readonly string folder = Directory.CreateTempSubdirectory("artifacts-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public async Task Files_of_artifacts_are_their_owners_alone_and_older_ones_are_tightened()
    {
        if (OperatingSystem.IsWindows()) return;
        var old = Directory.CreateDirectory(Path.Combine(folder, "artifacts", "AT-1")).FullName;
        var file = Path.Combine(old, "ART-1.md");
        await File.WriteAllTextAsync(file, "old");
        File.SetUnixFileMode(file, (UnixFileMode)420);
        var files = new ArtifactFiles(folder, NullLogger<ArtifactFiles>.Instance);
        files.Tighten();
        await files.WriteAsync("AT-2", "ART-2", "new");
        var all = Directory.EnumerateFileSystemEntries(files.Folder, "*", SearchOption.AllDirectories).Append(files.Folder).ToList();
        Assert.Equal(5, all.Count);
        foreach (var path in all) Assert.Equal(UnixFileMode.None, File.GetUnixFileMode(path) & OfOthers);
    }
}
