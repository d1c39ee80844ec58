namespace IncidentActors.Server.Tests.Http;

/// <summary>Two ids that differ by case only would be one to a person, and one folder on many disks.</summary>
public sealed class LookAlikeTests
{
    [Fact]
    public async Task A_new_id_may_not_look_like_another()
    {
        await using var server = await ServerUnderTest.StartAsync();
        (await server.PostAsync("/api/tools/atp_set", "@dev", new { atpId = "AT-ECSTW", notes = "x" })).IsOk();
        (await server.PostAsync("/api/tools/atp_set", "@dev", new { atpId = "at-ecstw", notes = "x" })).Refused(409, "atp.exists");
        (await server.PostAsync("/api/tools/atp_set", "@dev", new { atpId = "At-ecstw", notes = "x" })).Refused(409, "atp.exists");
        (await server.PostAsync("/api/tools/atp_set", "@dev", new { atpId = "At-Fix", notes = "x" })).IsOk();
        (await server.PostAsync("/api/tools/atp_create", "@dev", new { atpId = "at-ecstw", title = "x" })).Refused(409, "atp.exists");
        (await server.PostAsync("/api/tools/atp_set", "@dev", new { atpId = "at-other", notes = "x" })).IsOk();
        (await server.PostAsync("/api/tools/atp_set", "@dev", new { atpId = "AT-OTHER", notes = "x" })).Refused(409, "atp.exists");
    }
}
